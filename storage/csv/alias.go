package csv

import "strings"

// Format is a program whose exports have headers of their own.
type Format string

// The formats.
const (
	Own        Format = "funnelbot"
	Pipedrive  Format = "pipedrive"
	HubSpot    Format = "hubspot"
	Salesforce Format = "salesforce"
	AmoCRM     Format = "amocrm"
	Bitrix24   Format = "bitrix24"
)

// Formats lists every format.
func Formats() []Format { return []Format{Own, Pipedrive, HubSpot, Salesforce, AmoCRM, Bitrix24} }

// dayFirst reports whether the format writes the day before the month wherever it writes neither a
// month's name nor the year first.
func (f Format) dayFirst() bool { return f == AmoCRM || f == Bitrix24 }

// aliases are the headers that programs write in files of deals, in their plain form. A column that
// a mapping names is not looked up here.
func dealAliases(f Format) map[string]Field {
	switch f {
	case Own:
		return nil
	case Pipedrive:
		return prefixed("deal - ", map[string]Field{
			"title": FieldTitle, "value": FieldAmount, "owner": FieldOwner, "stage": FieldStage, "stage (pipeline)": FieldStage,
			"status": FieldOutcome, "currency of value": FieldCurrency, "creation date": FieldOpened, "deal created": FieldOpened,
			"expected close date": FieldClosing, "closed on": FieldClosed, "lost reason": FieldReason,
			"pipedrive system id": FieldDeal, "id": FieldDeal, "organization": FieldCompany,
		}, map[string]Field{"organization": FieldCompany, "organization - name": FieldCompany})
	case HubSpot:
		return map[string]Field{
			"record id": FieldDeal, "deal name": FieldTitle, "deal stage": FieldStage, "deal owner": FieldOwner, "amount": FieldAmount,
			"close date": FieldClosed, "create date": FieldOpened, "associated company": FieldCompany, "original source": FieldSource,
			"closed lost reason": FieldReason, "currency": FieldCurrency,
		}
	case Salesforce:
		return map[string]Field{
			"id": FieldDeal, "opportunity id": FieldDeal, "name": FieldTitle, "opportunity name": FieldTitle, "stagename": FieldStage,
			"stage": FieldStage, "amount": FieldAmount, "closedate": FieldClosed, "close date": FieldClosed, "createddate": FieldOpened,
			"created date": FieldOpened, "leadsource": FieldSource, "lead source": FieldSource, "currencyisocode": FieldCurrency,
			"account name": FieldCompany, "opportunity owner": FieldOwner, "laststagechangedate": FieldSince,
		}
	case AmoCRM:
		return map[string]Field{
			"id": FieldDeal, "номер": FieldDeal, "№": FieldDeal, "название сделки": FieldTitle, "ответственный": FieldOwner, "этап сделки": FieldStage,
			"статус сделки": FieldStage, "бюджет": FieldAmount, "бюджет ₽": FieldAmount, "бюджет руб.": FieldAmount,
			"дата создания": FieldOpened, "дата создания сделки": FieldOpened, "дата закрытия": FieldClosed,
			"причина отказа": FieldReason, "источник сделки": FieldSource, "компания": FieldCompany, "компания контакта": FieldCompany,
		}
	case Bitrix24:
		return map[string]Field{
			"id": FieldDeal, "номер": FieldDeal, "№": FieldDeal, "название сделки": FieldTitle, "стадия сделки": FieldStage, "сумма": FieldAmount, "сумма/валюта": FieldAmount,
			"валюта": FieldCurrency, "компания": FieldCompany, "ответственный": FieldOwner, "дата создания": FieldOpened,
			"дата начала": FieldOpened, "предполагаемая дата закрытия": FieldClosing, "источник": FieldSource,
			"комментарий": FieldNote, "дата закрытия": FieldClosed,
		}
	}
	return generalAliases()
}

// generalAliases are the words that files of no known program are headed with.
func generalAliases() map[string]Field {
	return map[string]Field{
		"deal": FieldDeal, "id": FieldDeal, "deal id": FieldDeal, "deal_id": FieldDeal, "opportunity_id": FieldDeal, "opportunity id": FieldDeal,
		"title": FieldTitle, "company": FieldCompany, "company name": FieldCompany, "client": FieldCompany, "account": FieldCompany,
		"owner": FieldOwner, "sales rep": FieldOwner, "stage": FieldStage, "deal stage": FieldStage, "status": FieldOutcome,
		"outcome": FieldOutcome, "amount": FieldAmount, "value": FieldAmount, "currency": FieldCurrency, "source": FieldSource,
		"opened": FieldOpened, "created": FieldOpened, "created at": FieldOpened, "created_at": FieldOpened,
		"closed": FieldClosed, "closed at": FieldClosed, "closed_at": FieldClosed, "close date": FieldClosed, "close_date": FieldClosed,
		"expected close": FieldClosing, "expected close date": FieldClosing, "stage since": FieldSince, "reason": FieldReason,
		"lost reason": FieldReason, "loss reason": FieldReason, "note": FieldNote,
		"номер сделки": FieldDeal, "номер": FieldDeal, "№": FieldDeal, "№ сделки": FieldDeal, "сделка": FieldTitle, "клиент": FieldCompany, "компания": FieldCompany, "менеджер": FieldOwner,
		"этап": FieldStage, "стадия": FieldStage, "статус": FieldOutcome, "сумма": FieldAmount, "валюта": FieldCurrency,
		"создана": FieldOpened, "дата открытия": FieldOpened, "закрыта": FieldClosed, "дата закрытия": FieldClosed,
		"причина": FieldReason, "комментарий": FieldNote,
	}
}

// historyAliases are the headers of changes of stage.
func historyAliases() map[string]Field {
	return map[string]Field{
		"opportunityid": FieldDeal, "opportunity id": FieldDeal, "deal_id": FieldDeal, "deal id": FieldDeal, "owner_id": FieldDeal,
		"case": FieldDeal, "case id": FieldDeal, "case_id": FieldDeal, "id": FieldRow,
		"stagename": FieldStage, "stage": FieldStage, "stage_id": FieldStage, "to stage": FieldStage, "этап": FieldStage,
		"этап сделки": FieldStage, "стадия": FieldStage, "стадия сделки": FieldStage,
		"createddate": FieldAt, "created_time": FieldAt, "created_at": FieldAt, "timestamp": FieldAt, "time": FieldAt, "date": FieldAt,
		"moved_at": FieldAt, "last modified": FieldAt, "at": FieldAt, "дата": FieldAt, "время": FieldAt, "дата изменения": FieldAt,
		"номер сделки": FieldDeal, "номер": FieldDeal, "№": FieldDeal, "№ сделки": FieldDeal,
		"amount": FieldAmount, "сумма": FieldAmount, "currencyisocode": FieldCurrency, "currency": FieldCurrency, "валюта": FieldCurrency,
		"last modified by": FieldActor, "actor": FieldActor, "seq": FieldOrder, "company": FieldCompany, "компания": FieldCompany,
		"opportunity name": FieldTitle, "title": FieldTitle, "owner": FieldOwner, "ответственный": FieldOwner, "сделка": FieldDeal,
	}
}

func activityAliases() map[string]Field {
	return map[string]Field{
		"deal": FieldDeal, "deal_id": FieldDeal, "deal id": FieldDeal, "id": FieldRow, "type": FieldType, "kind": FieldType,
		"at": FieldAt, "date": FieldAt, "time": FieldAt, "text": FieldText, "note": FieldText, "direction": FieldDir,
		"member": FieldActor, "сделка": FieldDeal, "тип": FieldType, "дата": FieldAt, "текст": FieldText, "комментарий": FieldText,
	}
}

func prefixed(prefix string, fields, more map[string]Field) map[string]Field {
	for header, f := range fields {
		more[prefix+header] = f
	}
	return more
}

// meant returns what a header means in the kind of file, by the format if one is named, else by all
// that agree, and the format that speaks for it.
func aliases(rows Rows, f Format) map[string]Field {
	switch rows {
	case History:
		return historyAliases()
	case Activities:
		return activityAliases()
	case Deals:
	}
	if f != "" {
		return dealAliases(f)
	}
	out := map[string]Field{}
	for _, format := range append(Formats(), "") {
		for header, field := range dealAliases(format) {
			if _, ok := out[header]; !ok {
				out[header] = field
			}
		}
	}
	return out
}

// recognise finds the program that wrote a file by headers that only its exports have.
func recognise(headers []string) Format {
	marks := []struct {
		format Format
		header string
	}{
		{Pipedrive, "deal - title"},
		{AmoCRM, "этап сделки"},
		{AmoCRM, "статус сделки"},
		{AmoCRM, "бюджет"},
		{Bitrix24, "стадия сделки"},
		{Bitrix24, "сумма/валюта"},
		{HubSpot, "record id"},
		{Salesforce, "stagename"},
	}
	for _, m := range marks {
		for _, h := range headers {
			if plain(h) == m.header {
				return m.format
			}
		}
	}
	return ""
}

// withoutNumber takes off the identifier that HubSpot writes behind the name of a company, as in
// "Acme Anvils (1234567)", and all companies but the first.
func withoutNumber(name string) string {
	name, _, _ = strings.Cut(name, ";")
	open := strings.LastIndex(name, " (")
	if open < 0 || !strings.HasSuffix(name, ")") {
		return strings.TrimSpace(name)
	}
	for _, r := range name[open+2 : len(name)-1] {
		if r < '0' || r > '9' {
			return strings.TrimSpace(name)
		}
	}
	return strings.TrimSpace(name[:open])
}
