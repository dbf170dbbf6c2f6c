package funnel

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ordinary reports whether a word that is a form of a name is a word of the language as well. Words
// of one or two letters always are.
func ordinary(w string) bool {
	if utf8.RuneCountInString(w) <= 2 || month(w) || weekday(w) {
		return true
	}
	if !cyrillic(w) {
		return slices.Contains(strings.Fields(englishWords), w)
	}
	return formOf(w, russianWords)
}

// formOf reports whether the word is a form of one of the words of a list.
func formOf(w, list string) bool {
	first, _ := utf8.DecodeRuneInString(w)
	for base := range strings.FieldsSeq(list) {
		if begins, _ := utf8.DecodeRuneInString(base); begins == first && slices.Contains(cases(base), w) {
			return true
		}
	}
	return false
}

// englishWords are English words that are first names or surnames too.
const englishWords = `
abbot amber archer art ash bailey baker ball bank banks barber baron bear bell berry best bill bird bishop black bloom
blossom bond book booker bowman branch brand bright brook brooks brown bush butcher butler can carpenter carter case cash
castle chance chandler chase cherry chip christian church clay clean cliff close cook cooper crow crystal dale dawn day
deal dean dell don done drew duke early east english ever faith farmer field fields finch fish fisher flint flower ford
forest foster fox frank free freeman french frost game gardener gates gene gentle gift ginger glass gold golden good
grace grant gray green grey guy hall hand hardy harmony hart hazel head heath hill hills holiday holly hook hope house
hunt hunter iris ivy jack jade jewel jordan joy just justice keen key keys king knight lake lamb lance land lane law
leader lee lily little lock long lord love low lucky major many mark marks marsh marshal mason mercy miles mill miller
mills min monk moon moss new noble nobles north norm olive page pages paint painter park parks pat patience pearl penny
person pierce pike piper pitt plumber pole pond pool poole pope porter post potter power powers price pride prince prior
prudence pure queen rain ray read reed rice rich rivers rob robin rock rod root rose rosemary ruby rush sage sale sales
salmon sand sands savage say scott sharp shepherd short silver singer singh sky small smart snow song south spark sparks
speed star stark steel stern stone storm street strong sue summer summers swan swift taylor temple terry thorn thu tim
tip top town trust tuck turner van victor victoria vine violet virginia wade walker wall walls ward warden waters way
weaver web weeks wells west white wilder will win winter winters wise wolf wood woods worth wright young
`

// russianWords are Russian words that have a form in common with a first name or a surname.
const russianWords = `
ад белый береза бондарь борода большой братский бык быков верба вера весна ветер волк воля ворон голова голубь гончар
горох горький гость готов гром гусь дана дар долг долгов дуб живой жук заяц зима злата золотой зуб калина калинка капуста
карт клен клим ковш козел кольцо конь кот кошелев король крутой кузнец лада лев левый лень лес лето лилия лимон лис
лист листов лук луна люба любовь любый май малый малина март марк марка март медведь мель мельник мила милый мир мира
молодой мороз мост мостов мята надежда нора новый нота нужный оля орел осень пак первый перец победа погода поле поляна
поля правда праздник пушка рад рада рай рим роза роман роса руслан рыба рыбак рыжий рябина сад садов свет света свой
секрет слава славный снег сокол соль сон сорока старый столов стол стрела счастье счет таран ткач толстой труд трудов
туз туча умный утро хлеб хороший холод хан час часов черный чехов чистый шаг шагов шуба щит эра юг ясный ярый
`

// month reports whether the word is an English month, which is written with a capital always.
func month(w string) bool {
	switch w {
	case "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december":
		return true
	}
	return false
}

// weekday reports whether the word is an English day of the week, or stands for a day.
func weekday(w string) bool {
	switch w {
	case "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "tomorrow", "yesterday":
		return true
	}
	return false
}

// honorific reports whether the word goes before a name and is no part of it.
func honorific(w string) bool {
	switch w {
	case "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "herr", "frau", "sir", "madam", "mme", "director", "engineer",
		"г-н", "г-на", "г-ну", "г-ном", "г-жа", "г-жи", "г-же", "г-жу", "г-жой", "директор", "директора", "директору", "директором":
		return true
	}
	return formOf(w, "господин госпожа доктор профессор")
}

// particle reports whether the word is a part of surnames that names nobody by itself.
func particle(w string) bool {
	switch w {
	case "von", "van", "de", "der", "den", "di", "da", "la", "le", "du", "dos", "bin", "ibn", "al", "el", "of", "and", "the",
		"оглы", "кызы", "фон", "ван", "де", "дер", "и":
		return true
	}
	return false
}

// fathers reports whether the word is a patronymic in some case.
func fathers(w string) bool {
	if !cyrillic(w) || utf8.RuneCountInString(w) < 5 {
		return false
	}
	for _, ending := range []string{"", "а", "у", "ем", "е"} {
		if has(w, "ович"+ending, "евич"+ending, "ьич"+ending, "никитич"+ending, "кузьмич"+ending, "фомич"+ending, "лукич"+ending) {
			return true
		}
	}
	for _, ending := range []string{"а", "ы", "е", "у", "ой"} {
		if has(w, "овн"+ending, "евн"+ending, "иничн"+ending, "ьиничн"+ending, "тичн"+ending) {
			return true
		}
	}
	return false
}

// surnameLike reports whether the word looks like a Russian surname in some case.
func surnameLike(w string) bool {
	if formOf(w, "готова основа снова слова голова корова здорова нова обнова подкова сурова половина договоров") {
		return false
	}
	for _, stem := range []string{"ов", "ев", "енко"} {
		if utf8.RuneCountInString(w) > 4 && has(w, stem, stem+"а", stem+"ой", stem+"у", stem+"ым") {
			return true
		}
	}
	return has(w, "ский", "ская", "ского", "скому", "ским", "скую")
}

// doneByPeople reports whether the word is what only people do. It tells "Mark asked" from "Mark the
// date".
func doneByPeople(w string) bool {
	switch w {
	case "said", "says", "asked", "asks", "wants", "wanted", "told", "tells", "thinks", "promised", "replied", "answered",
		"called", "calls", "wrote", "writes", "hopes", "joined", "liked", "likes", "introduced", "believes", "doubts":
		return true
	case "хочет", "хотел", "хотела", "просит", "ждет", "ждал", "ждала", "считает", "думает", "пишет", "звонит", "говорит",
		"спрашивает", "отвечает", "обещает", "сомневается", "боится":
		return true
	}
	for _, stem := range []string{
		"сказал", "попросил", "просил", "ответил", "написал", "позвонил", "перезвонил", "обещал", "пообещал", "спросил",
		"прислал", "подтвердил", "подписал", "согласил", "отказал", "приехал", "пришел", "пришл", "одобрил",
	} {
		if strings.HasPrefix(w, stem) {
			return true
		}
	}
	return false
}

// firstName reports whether the word is a first name that many people have, in some case.
func firstName(w string) bool {
	if cyrillic(w) {
		return formOf(w, russianNames)
	}
	return slices.Contains(strings.Fields(westernNames), w)
}

const russianNames = `
александр александра алексей алина алла анастасия анатолий андрей анна антон антонина арсений артем борис вадим валентин
валентина валерий валерия василий вероника виктор виктория виталий владимир владислав вячеслав галина геннадий георгий
григорий дарья денис дмитрий евгений евгения екатерина елена елизавета иван игорь илья инна ирина кирилл константин
ксения лариса леонид людмила максим маргарита марина мария михаил наталья наталия никита николай нина оксана олег ольга
павел петр полина раиса светлана семен сергей станислав степан тамара татьяна тимур федор юлия юрий яков ярослав
`

const westernNames = `
adam alan albert alex alexander alice amanda amy andrea andrew angela ann anna anne anthony barbara ben benjamin brian
carl carol caroline catherine charles charlotte chris christina christine christopher claire claudia daniel david deborah
diana donald dorothy edward elena elizabeth emily emma eric eva felix florian frances george hannah hans harry heather
helen helena henry ian igor ivan james jan jane janet jason jennifer jessica joan joe johann john jonathan joseph joshua
julia julian karen karl kate katharina kevin klaus laura lena linda lisa louis lucas lukas margaret maria marie martha
martin mary matthew max michael michelle monica nancy natalie nicholas nicole nina oliver olga oscar patricia patrick paul
peter philip rachel ralph raymond rebecca richard robert roger ronald samantha samuel sandra sarah sebastian simon sofia
sophia sophie stefan stephanie stephen steven susan teresa theresa thomas timothy tom tony vera veronica walter wendy
william yvonne
`
