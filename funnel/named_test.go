package funnel_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"funnelbot/funnel"
)

// contactsOf makes contacts of names; an address follows in angle brackets.
func contactsOf(names ...string) []funnel.Contact {
	all := make([]funnel.Contact, len(names))
	for i, name := range names {
		name, email, _ := strings.Cut(strings.TrimSuffix(name, ">"), " <")
		all[i] = funnel.Contact{ID: funnel.ID{15: byte(i + 1)}, Name: name, Email: email}
	}
	return all
}

// namedIn returns the names of those whom the text names.
func namedIn(text string, all []funnel.Contact) []string {
	var names []string
	for _, id := range funnel.Named(text, all) {
		for _, p := range all {
			if p.ID == id {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

type sentence struct {
	text  string
	named []string
}

func checkSentences(t *testing.T, all []funnel.Contact, cases []sentence) {
	t.Helper()
	for _, c := range cases {
		require.Equal(t, c.named, namedIn(c.text, all), "%q", c.text)
	}
}

func TestATextNamesPeopleInEveryRussianCase(t *testing.T) {
	t.Parallel()
	const petrova, kuznetsov, ilyin, dmitry, shevchenko = "Анна Петрова", "Кузнецов Сергей Павлович", "Игорь Ильин", "Дмитрий Достоевский", "Оксана Шевченко"
	const solovyova, kravets, schmidt, pavel, ilya = "Наталья Соловьёва", "Лев Кравец", "Эльза Шмидт", "Павел Толстой", "Илья Чёрных"
	all := contactsOf(petrova, kuznetsov, ilyin, dmitry, shevchenko, solovyova, kravets, schmidt, pavel, ilya)
	checkSentences(t, all, []sentence{
		{"Созвонился с Анной Петровой, просит КП до пятницы", []string{petrova}},
		{"отправил петровой договор на согласование", []string{petrova}},
		{"Петровой Анне отправлен счёт", []string{petrova}},
		{"А. Петрова подтвердила бюджет", []string{petrova}},
		{"Петрова А. подтвердила бюджет", []string{petrova}},
		{"Говорил с Анной Сергеевной, она за", []string{petrova}},
		{"Анна Сергеевна Петрова теперь директор", []string{petrova}},
		{"анне нужен пилот", []string{petrova}},
		{"Сергею Павловичу показали демо", []string{kuznetsov}},
		{"Встреча с Кузнецовым С. П. перенесена", []string{kuznetsov}},
		{"С.П. Кузнецов против", []string{kuznetsov}},
		{"звонок кузнецову", []string{kuznetsov}},
		{"от Кузнецова пришли правки", []string{kuznetsov}},
		{"Игорю Ильину и Анне Петровой отправили оба варианта", []string{ilyin, petrova}},
		{"у Ильина вопросы по SLA", []string{ilyin}},
		{"с Ильиным договорились", []string{ilyin}},
		{"Дмитрию Достоевскому отправлена презентация", []string{dmitry}},
		{"обсудили с Достоевским цену", []string{dmitry}},
		{"письмо от Дмитрия", []string{dmitry}},
		{"Шевченко одобрила", []string{shevchenko}},
		{"с Оксаной Шевченко на демо", []string{shevchenko}},
		{"Написал Соловьевой", []string{solovyova}},
		{"с Соловьёвой и Натальей обсудили пилот", []string{solovyova}},
		{"у Кравца отпуск до понедельника", []string{kravets}},
		{"встретился с Львом Кравцом", []string{kravets}},
		{"с Эльзой Шмидт согласовали объём", []string{schmidt}},
		{"Эльзе Шмидт отправлен договор", []string{schmidt}},
		{"Павлу Толстому перезвонить", []string{pavel}},
		{"по словам Павла, бюджет есть", []string{pavel}},
		{"Илье Черных отправили акт", []string{ilya}},
		{"Черных не отвечает", []string{ilya}},
		{"Пётр Ильин", nil},
		{"звонок, просят КП, 1.2 млн", nil},
		{"", nil},
	})
}

func TestATextNamesPeopleInEnglish(t *testing.T) {
	t.Parallel()
	const anna, brown, mueller, oneill, jean, beethoven = "Anna Schmidt", "Peter Brown", "Dr. Jürgen Müller", "Sinéad O'Neill", "Jean-Paul Moreau", "Ludwig van Beethoven"
	all := contactsOf(anna, brown, mueller, oneill, jean, beethoven+" <ludwig@symphony.example>", "Wei Li")
	checkSentences(t, all, []sentence{
		{"Called Anna Schmidt, she wants a quote", []string{anna}},
		{"schmidt, anna: will sign on Friday", []string{anna}},
		{"Schmidt Anna was on the call", []string{anna}},
		{"A. Schmidt asked for references", []string{anna}},
		{"Anna M. Schmidt asked for references", []string{anna}},
		{"Anna Maria Schmidt asked for references", []string{anna}},
		{"Anna's team starts the pilot", []string{anna}},
		{"Spoke with Anna Tuesday morning", []string{anna}},
		{"spoke with anna", []string{anna}},
		{"demo for Müller and O’Neill", []string{mueller, oneill}},
		{"Dr. Müller is on holiday", []string{mueller}},
		{"Jean-Paul asked about the SLA", []string{jean}},
		{"Moreau's lawyer wrote back", []string{jean}},
		{"lunch with van Beethoven", []string{beethoven}},
		{"the van is late", nil},
		{"mail from ludwig@symphony.example about terms", []string{beethoven}},
		{"mail from <Ludwig@Symphony.Example>.", []string{beethoven}},
		{"mail from anna@other.example", nil},
		{"see https://anna.example/schmidt", nil},
		{"Peter Brown and Anna Schmidt met us", []string{brown, anna}},
		{"met with Brown on price", []string{brown}},
		{"wrote to Wei Li", []string{"Wei Li"}},
		{"call, they ask for a proposal", nil},
	})
}

func TestWordsThatAreNamesTooNameNobodyUnlessTheyAreWrittenAsNames(t *testing.T) {
	t.Parallel()
	const will, mark, may, rose, vera, roman, nadezhda, long = "Will Price", "Mark Stone", "May Summers", "Rose Can", "Вера Мороз", "Роман Король", "Надежда Долгова", "An Long"
	all := contactsOf(will, mark, may, rose, vera, roman, nadezhda, long, "Лев Шагов", "Света Весна", "Марк Рад")
	checkSentences(t, all, []sentence{
		{"they will call back in may", nil},
		{"Will call back in May", nil},
		{"The price will rise", nil},
		{"Price will rise", nil},
		{"price will be agreed by mark", nil},
		{"Price is too high", nil},
		{"Mark the date: demo on Friday", nil},
		{"Can we meet? A rose garden, stone walls", nil},
		{"It takes an hour, a long one", nil},
		{"An offer was sent. Long talk", nil},
		{"Will Price agreed", []string{will}},
		{"agreed with will price", nil},
		{"I told Will about it", []string{will}},
		{"Mark asked for a discount", []string{mark}},
		{"Talked to Mark", []string{mark}},
		{"Met Ms Stone", []string{mark}},
		{"Budget only in May", nil},
		{"Met May Summers", []string{may}},
		{"An Long called", []string{long}},
		{"есть надежда, что вера в продукт вернётся", nil},
		{"Надежда есть, но мороз мешает", nil},
		{"Надежда попросила скидку", []string{nadezhda}},
		{"Позвонил Надежде", []string{nadezhda}},
		{"вопрос долгов и сроков", nil},
		{"Передал Долговой расчёт", []string{nadezhda}},
		{"пишут целый роман, король рынка", nil},
		{"Роман Король против", []string{roman}},
		{"Договорились с Романом", []string{roman}},
		{"Вере отправили КП", nil},
		{"Отправили Вере КП", []string{vera}},
		{"в марте обсудим марку бетона", nil},
		{"нет света на складе, весна", nil},
		{"ещё пять шагов до подписания", nil},
		{"рад знакомству", nil},
		{"с левой стороны лев", nil},
	})
}

func TestANameThatSeveralHaveOrThatIsSomebodyElsesNamesNobody(t *testing.T) {
	t.Parallel()
	all := contactsOf("Анна Петрова", "Анна Смирнова", "Иван Петров", "Peter Brown", "Anna Brown", "Anna Brown-Field", "Мария Котова")
	checkSentences(t, all, []sentence{
		{"Анна просит КП", nil},
		{"Анне Смирновой отправлен договор", []string{"Анна Смирнова"}},
		{"Анна Смирнова и Анна Петрова за", []string{"Анна Смирнова", "Анна Петрова"}},
		{"Смирновой перезвонить", []string{"Анна Смирнова"}},
		{"звонок Петрову", nil},
		{"звонок Петровой", []string{"Анна Петрова"}},
		{"договорились с Петровым", []string{"Иван Петров"}},
		{"Ивану отправлен счёт", []string{"Иван Петров"}},
		{"Иван Сидоров, новый директор", nil},
		{"иван сидоров звонил", nil},
		{"Ольга Петрова звонила", nil},
		{"ольга петрова звонила", nil},
		{"Б. Петровой отправлено", nil},
		{"Петрова Б. против", nil},
		{"Смирнова Мария приехала", nil},
		{"Мария готова подписать", []string{"Мария Котова"}},
		{"мария снова звонила", []string{"Мария Котова"}},
		{"Brown wants a demo", nil},
		{"Peter Brown wants a demo", []string{"Peter Brown"}},
		{"Anna Brown-Field wants a demo", []string{"Anna Brown-Field"}},
		{"Susan Brown wants a demo", nil},
		{"met Peter Jackson", nil},
	})
}

func TestANameIsTakenFromWhatStandsAroundIt(t *testing.T) {
	t.Parallel()
	all := contactsOf("Anna Petrova (CFO)", "Boris Sample, head of sales", "ОЛЕГ САДКО", "Clara")
	checkSentences(t, all, []sentence{
		{"the CFO and the head of sales agree", nil},
		{"Anna agrees", []string{"Anna Petrova (CFO)"}},
		{"boris has doubts", []string{"Boris Sample, head of sales"}},
		{"с Олегом всё согласовано", []string{"ОЛЕГ САДКО"}},
		{"CLARA CALLED", []string{"Clara"}},
		{"Clara Schumann called", []string{"Clara"}},
	})
}

func TestAWholeNameIsFoundInEveryCaseAndOrder(t *testing.T) {
	t.Parallel()
	// The six cases of names of every way of declining, as the grammars have them.
	firsts := []string{
		"Анна Анны Анне Анну Анной Анне", "Ольга Ольги Ольге Ольгу Ольгой Ольге", "Мария Марии Марии Марию Марией Марии",
		"Наталья Натальи Наталье Наталью Натальей Наталье", "Любовь Любови Любови Любовь Любовью Любови",
		"Игорь Игоря Игорю Игоря Игорем Игоре", "Сергей Сергея Сергею Сергея Сергеем Сергее", "Юрий Юрия Юрию Юрия Юрием Юрии",
		"Павел Павла Павлу Павла Павлом Павле", "Пётр Петра Петру Петра Петром Петре", "Лев Льва Льву Льва Львом Льве",
		"Константин Константина Константину Константина Константином Константине", "Никита Никиты Никите Никиту Никитой Никите",
		"Илья Ильи Илье Илью Ильёй Илье",
	}
	surnames := []string{
		"Петров Петрова Петрову Петрова Петровым Петрове", "Петрова Петровой Петровой Петрову Петровой Петровой",
		"Ильин Ильина Ильину Ильина Ильиным Ильине", "Ильина Ильиной Ильиной Ильину Ильиной Ильиной",
		"Достоевский Достоевского Достоевскому Достоевского Достоевским Достоевском",
		"Крупская Крупской Крупской Крупскую Крупской Крупской", "Толстой Толстого Толстому Толстого Толстым Толстом",
		"Кравец Кравца Кравцу Кравца Кравцом Кравце", "Заяц Зайца Зайцу Зайца Зайцем Зайце", "Коваль Коваля Ковалю Коваля Ковалем Ковале",
		"Гайдай Гайдая Гайдаю Гайдая Гайдаем Гайдае", "Шевченко Шевченко Шевченко Шевченко Шевченко Шевченко",
		"Черных Черных Черных Черных Черных Черных", "Глинка Глинки Глинке Глинку Глинкой Глинке", "Шульц Шульца Шульцу Шульца Шульцем Шульце",
		"Песок Песка Песку Песка Песком Песке", "Петров-Водкин Петрова-Водкина Петрову-Водкину Петрова-Водкина Петровым-Водкиным Петрове-Водкине",
	}
	for _, f := range firsts {
		for _, s := range surnames {
			first, last := strings.Fields(f), strings.Fields(s)
			who := contactsOf(first[0]+" "+last[0], "Борис Чужой")
			// Lions, hares and love are named by what is written like a name only.
			words := (first[0] == "Лев" || first[0] == "Любовь") && (last[0] == "Заяц" || last[0] == "Толстой")
			for i := range first {
				for _, text := range []string{
					"вчера " + first[i] + " " + last[i] + ", потом обед", last[i] + " " + first[i], strings.ToLower(first[i] + " " + last[i]),
					strings.ToUpper(last[i] + " " + first[i]), string([]rune(first[i])[:1]) + ". " + last[i],
				} {
					if words && (text == strings.ToLower(text) || text == strings.ToUpper(text)) {
						continue
					}
					want := []string{first[0] + " " + last[0]}
					require.Equal(t, want, namedIn(text, who), "%q", text)
				}
			}
		}
	}
}

func FuzzNamed(f *testing.F) {
	f.Add("Созвонился с Анной Петровой, А. П. просит", "Анна Петрова", "Anna O'Neill")
	f.Add("Will call a@b.example. - 'x’s' И. И.", "И. Кравец (CFO)", ",")
	f.Add("@ 0", "0", "@")
	f.Add("\xff\x00 Ё́ -'- .", "", "-")
	f.Fuzz(func(t *testing.T, text, one, other string) {
		all := contactsOf(one, other)
		got := funnel.Named(text, all)
		require.LessOrEqual(t, len(got), 2)
		if len(got) == 2 {
			require.NotEqual(t, got[0], got[1])
		}
		require.Empty(t, funnel.Named("", all))
		require.Equal(t, got, funnel.Named(text, all), "who is named depends on nothing but the text")
	})
}

func BenchmarkNamed(b *testing.B) {
	all := make([]funnel.Contact, 0, 300)
	for i := range 300 {
		stem := string([]rune{'А' + rune(i%30), 'а' + rune(i%29), 'б' + rune(i%7)})
		all = append(all, funnel.Contact{ID: funnel.ID{14: byte(i >> 8), 15: byte(i)}, Name: "Анна Сергеевна " + stem + "кова"})
	}
	text := strings.Repeat("Созвонился с Петровой и Анной Абакова, просят КП до пятницы. ", 60)
	for b.Loop() {
		funnel.Named(text, all)
	}
}
