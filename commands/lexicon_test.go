package commands

import (
	"time"

	"funnelbot/funnel"
)

// monday is the moment at which the lines of the tests were typed.
var monday = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func moscow() *time.Location { return time.FixedZone("MSK", 3*60*60) }

func titles(english, russian string) funnel.Titles {
	return funnel.Titles{funnel.English: english, funnel.Russian: russian}
}

func id(n byte) funnel.ID { return funnel.ID{15: n} }

// lexicon is the workspace of the tests, for a person of the language.
func lexicon(l funnel.Locale) *Lexicon {
	return &Lexicon{
		Stages: []funnel.Stage{
			{Key: "awareness", Titles: titles("Awareness", "Осведомлённость")},
			{Key: "lead", Titles: titles("Lead", "Лид")},
			{Key: "qualification", Titles: titles("Qualification", "Квалификация"), Aliases: []string{"Диагностика"}},
			{Key: "proposal", Titles: titles("Proposal", "Предложение"), Aliases: []string{"КП", "offer"}},
			{Key: "negotiation", Titles: titles("Negotiation", "Переговоры"), Aliases: []string{"Согласование"}},
			{Key: "launch", Titles: titles("Launch", "Запуск")},
			{Key: "retention", Titles: titles("Retention", "Удержание")},
		},
		Signature: "launch",
		Reasons: []funnel.Reason{
			{Key: "price", Titles: titles("Price", "Цена"), Aliases: []string{"дорого", "too expensive"}},
			{Key: "competitor", Titles: titles("Chose a competitor", "Ушли к конкуренту"), Aliases: []string{"competitor", "конкурент"}},
			{Key: "budget", Titles: titles("No budget", "Нет бюджета")},
			{Key: "silent", Titles: titles("No response", "Нет ответа"), Aliases: []string{"ghosted", "пропали"}},
			{Key: "timing", Titles: titles("Bad timing", "Не сейчас")},
			{Key: "not_fit", Titles: titles("Not our client", "Не наш клиент"), Aliases: []string{"нецелевой"}, Class: funnel.Disqualified},
		},
		Sources: []funnel.Source{
			{Key: "website", Titles: titles("Website", "Сайт")},
			{Key: "referral", Titles: titles("Referral", "Рекомендация")},
			{Key: "event", Titles: titles("Event", "Конференция"), Aliases: []string{"выставка"}},
			{Key: "cold", Titles: titles("Cold outreach", "Холодный контакт")},
		},
		Roles: []funnel.CommitteeRole{
			{Key: "user", Titles: titles("User", "Пользователь")},
			{Key: "decision_maker", Titles: titles("Decision maker", "Лицо, принимающее решение"), Aliases: []string{"decider", "лпр", "решает"}},
			{Key: "finance", Titles: titles("Finance", "Финансы"), Aliases: []string{"финансист"}},
			{Key: "principal", Titles: titles("Owner", "Собственник"), Aliases: []string{"владелец"}},
			{Key: "legal", Titles: titles("Legal", "Юрист"), Aliases: []string{"lawyer"}},
			{Key: "security", Titles: titles("Security", "Безопасность"), Aliases: []string{"безопасник"}},
		},
		Members: []Colleague{
			{ID: id(1), Name: "Anna Petrova", Aliases: []string{"Анна Петрова"}, Handles: []string{"anna", "U123"}},
			{ID: id(2), Name: "Ivan Sidorov", Aliases: []string{"Иван Сидоров"}, Handles: []string{"@ivan"}},
			{ID: id(3), Name: "Andrey Volkov", Aliases: []string{"Андрей Волков"}},
			{ID: id(4), Name: "Andrey Belov", Aliases: []string{"Андрей Белов"}},
			{ID: id(5), Name: "Vera Orlova"},
			{ID: id(6), Name: "Глеб Носов"},
		},
		Currency: "RUB",
		Language: l,
		Now:      monday,
		Zone:     moscow(),
	}
}
