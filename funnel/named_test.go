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
