import type { Language } from '../../config/config.ts';

/** Ways in which customers ask for one thing, by language. `{…}` is filled from {@link FILLERS}. */
type Theme = Readonly<Record<Language, readonly string[]>>;

/** What stands for a word in braces. */
export const FILLERS: Readonly<Record<string, Theme>> = {
  plant: {
    pt: [
      'jiboia',
      'costela-de-adão',
      'suculenta',
      'samambaia',
      'orquídea',
      'zamioculca',
      'lavanda',
    ],
    en: ['pothos', 'monstera', 'succulent', 'fern', 'orchid', 'zz plant', 'lavender'],
  },
  pot: {
    pt: ['vaso grande', 'vaso de barro', 'cachepô', 'vaso esmaltado azul', 'prato de cerâmica'],
    en: ['large pot', 'clay pot', 'planter', 'blue glazed pot', 'ceramic saucer'],
  },
  place: {
    pt: ['Osasco', 'Guarulhos', 'Campinas', 'Curitiba', 'Recife', 'Belo Horizonte', 'Pinheiros'],
    en: ['Osasco', 'Campinas', 'Curitiba', 'Rio', 'Pinheiros'],
  },
  order: {
    pt: ['4821', '5036', '5110', '5243', '5377', '5402'],
    en: ['4821', '5036', '5243', '5402'],
  },
  day: {
    pt: ['hoje', 'amanhã', 'no sábado', 'na segunda', 'no feriado', 'domingo'],
    en: ['today', 'tomorrow', 'on Saturday', 'on Monday', 'on Sunday'],
  },
};

/** What a shop for plants and pots is asked, with how often: the more, the greater the weight. */
export const THEMES: readonly (Theme & { readonly weight: number })[] = [
  {
    weight: 10,
    pt: [
      'que horas vocês abrem {day}?',
      'até que horas fica aberto {day}?',
      'vocês abrem {day}?',
      'qual o horário da loja?',
      'tá aberto agora?',
    ],
    en: ['what time do you open {day}?', 'are you open {day}?', 'opening hours?'],
  },
  {
    weight: 12,
    pt: [
      'quanto tempo demora pra entregar em {place}?',
      'qual o prazo de entrega para {place}?',
      'se eu comprar hoje chega quando?',
      'chega antes do fim de semana?',
      'demora muito a entrega?',
    ],
    en: ['how long does delivery to {place} take?', 'if I order today when will it arrive?'],
  },
  {
    weight: 11,
    pt: [
      'entregam em {place}?',
      'quanto fica o frete pra {place}?',
      'qual o valor do frete?',
      'o frete é grátis a partir de quanto?',
      'vocês entregam fora de são paulo?',
    ],
    en: ['do you deliver to {place}?', 'how much is shipping to {place}?'],
  },
  {
    weight: 13,
    pt: [
      'cadê meu pedido?',
      'meu pedido {order} ainda não chegou',
      'como acompanho o pedido {order}?',
      'queria saber onde está minha encomenda',
      'o código de rastreio não funciona',
    ],
    en: ['where is my order {order}?', 'how do I track my order?', 'my parcel has not arrived yet'],
  },
  {
    weight: 9,
    pt: [
      'posso pagar com pix?',
      'qual a chave pix?',
      'paguei no pix e não confirmou',
      'tem desconto no pix?',
      'o qr code do pix expirou',
    ],
    en: ['can I pay with Pix?', 'I paid with Pix but the order still says pending'],
  },
  {
    weight: 6,
    pt: [
      'quais formas de pagamento vocês aceitam?',
      'aceita cartão de débito?',
      'dá pra pagar com boleto?',
    ],
    en: ['which payment methods do you take?', 'do you accept credit cards?'],
  },
  {
    weight: 4,
    pt: ['parcela em quantas vezes?', 'dá pra parcelar sem juros?', 'qual a parcela mínima?'],
    en: ['can I pay in instalments?'],
  },
  {
    weight: 7,
    pt: [
      'quero trocar um {pot}',
      'como faço pra trocar?',
      'não gostei da cor, posso trocar?',
      'qual o prazo pra troca?',
    ],
    en: ['can I exchange a {pot}?', 'how do exchanges work?'],
  },
  {
    weight: 6,
    pt: [
      'quando cai o reembolso?',
      'quero meu dinheiro de volta',
      'já devolvi e não recebi o estorno',
      'como peço reembolso do pedido {order}?',
    ],
    en: ['when do I get my refund?', 'I want my money back'],
  },
  {
    weight: 6,
    pt: [
      'o {pot} chegou quebrado',
      'minha {plant} veio com as folhas quebradas',
      'chegou tudo amassado',
      'a caixa veio aberta e o vaso trincado',
    ],
    en: ['my {pot} arrived broken', 'the {plant} arrived damaged'],
  },
  {
    weight: 3,
    pt: [
      'veio o produto errado',
      'faltou um item no meu pedido',
      'pedi {plant} e veio outra planta',
    ],
    en: ['you sent the wrong item', 'one item is missing from my order'],
  },
  {
    weight: 9,
    pt: [
      'vocês têm {plant}?',
      'ainda tem {pot} disponível?',
      'quando volta a ter {plant}?',
      'tem {plant} na loja?',
      'quanto custa a {plant}?',
    ],
    en: ['do you have a {plant} in stock?', 'how much is the {pot}?'],
  },
  {
    weight: 9,
    pt: [
      'de quanto em quanto tempo rego a {plant}?',
      'minha {plant} está com as folhas amarelas',
      '{plant} precisa de sol?',
      'como cuidar de {plant}?',
      'quando troco a {plant} de vaso?',
    ],
    en: [
      'how often should I water my {plant}?',
      'why are the leaves of my {plant} turning yellow?',
    ],
  },
  {
    weight: 4,
    pt: [
      '{plant} é tóxica pra gato?',
      'meu cachorro comeu uma folha, faz mal?',
      'tem planta segura pra pet?',
    ],
    en: ['is {plant} toxic to cats?'],
  },
  {
    weight: 5,
    pt: [
      'tem cupom?',
      'meu cupom não entrou',
      'tem promoção essa semana?',
      'vai ter black friday?',
    ],
    en: ['do you have a coupon code?', 'any sale this week?'],
  },
  {
    weight: 5,
    pt: ['onde fica a loja?', 'me manda o endereço', 'fica perto do metrô?', 'como chego na loja?'],
    en: ['where is the shop?', 'what is the address?'],
  },
  {
    weight: 4,
    pt: ['posso retirar na loja?', 'quando posso buscar o pedido {order}?', 'retirada tem custo?'],
    en: ['can I pick it up at the store?'],
  },
  {
    weight: 5,
    pt: ['quero cancelar o pedido {order}', 'dá pra cancelar a compra?', 'cancela meu pedido'],
    en: ['please cancel order {order}', 'can I cancel my order?'],
  },
  {
    weight: 3,
    pt: ['coloquei o endereço errado', 'dá pra mudar o endereço do pedido {order}?', 'errei o cep'],
    en: ['I entered the wrong address', 'can I change the delivery address?'],
  },
  {
    weight: 3,
    pt: [
      'embrulha pra presente?',
      'posso mandar um cartão junto?',
      'quero dar uma {plant} de presente',
    ],
    en: ['can you gift wrap it?'],
  },
  {
    weight: 3,
    pt: ['tem preço de atacado?', 'quero 40 vasos pra um casamento', 'vendem pra revenda?'],
    en: ['do you sell wholesale?'],
  },
  {
    weight: 2,
    pt: ['cadê a nota fiscal?', 'preciso da nf do pedido {order}', 'emite nota com cnpj?'],
    en: ['can I get an invoice?'],
  },
  {
    weight: 2,
    pt: ['tem onde estacionar?', 'posso levar meu cachorro na loja?'],
    en: ['is there parking?'],
  },
  {
    weight: 3,
    pt: ['a planta tem garantia?', 'minha {plant} morreu em 5 dias, e agora?'],
    en: ['is there a guarantee on plants?'],
  },
  {
    weight: 5,
    pt: [
      'quero falar com um atendente',
      'tem telefone?',
      'me passa pra uma pessoa',
      'qual o whatsapp?',
    ],
    en: ['I want to talk to a person', 'what is your phone number?'],
  },
  {
    weight: 2,
    pt: ['péssimo atendimento', 'quero fazer uma reclamação', 'ninguém me responde'],
    en: ['I want to make a complaint'],
  },
  {
    weight: 2,
    pt: ['como faço pra comprar?', 'qual o site?', 'dá pra fechar o pedido por aqui?'],
    en: ['how do I place an order?'],
  },
];

/** What the shop has no answer to: the questions its owner learns from. */
export const BEYOND: Theme = {
  pt: [
    'vocês dão oficina de cerâmica?',
    'tem curso de jardinagem pra criança?',
    'alugam plantas pra ensaio de foto?',
    'vocês fazem vaso sob medida?',
    'tem vaga de emprego aí?',
    'fazem jardim vertical em apartamento?',
    'vende minhoca?',
    'vocês recolhem vaso usado?',
    'tem programa de fidelidade?',
    'quem ganhou o jogo ontem?',
    'vai chover amanhã?',
    'sabe uma receita de bolo de cenoura?',
    'posso pagar com bitcoin?',
    'fazem assinatura mensal de plantas?',
    'pode cuidar das minhas plantas nas férias?',
  ],
  en: [
    'do you run pottery workshops?',
    'can you make a custom pot?',
    'are you hiring?',
    'do you have a loyalty programme?',
    'could you look after my plants during the holidays?',
  ],
};

export const GREETINGS: Theme = {
  pt: ['oi', 'olá', 'bom dia', 'boa tarde', 'oii, tudo bem?', 'opa', 'boa noite 🌙'],
  en: ['hi', 'hello there', 'good morning', 'hey'],
};

export const THANKS: Theme = {
  pt: ['obrigada!', 'valeu 🙏', 'muito obrigado', 'ok, entendi', 'perfeito, obg', '👍', 'show!'],
  en: ['thanks!', 'thank you so much', 'great, cheers', '👍'],
};

/** Captions of photos sent to the shop. */
export const CAPTIONS: Theme = {
  pt: [
    'olha como chegou meu vaso 😢 está quebrado',
    'as folhas estão amarelando, o que eu faço?',
    'esse aqui ainda tem em estoque?',
    'a {plant} chegou assim, posso trocar?',
    'isso é praga? 🐛',
  ],
  en: ['it arrived broken 😢', 'what is wrong with my {plant}?', 'do you still have this one?'],
};

/** What members of the customers' group tell one another. */
export const CHATTER: readonly string[] = [
  'bom dia, gente! 🌞',
  'minha {plant} deu flor!! 🌸',
  'alguém sabe se {plant} aguenta sol da tarde?',
  'aqui em casa a {plant} fica na varanda e vai super bem',
  'rega só quando a terra estiver seca, foi o que me salvou',
  'que lindo 😍',
  'nossa, que vaso maravilhoso',
  'comprei um {pot} semana passada, chegou certinho',
  'alguém de {place} aí?',
  'kkkkkk',
  'minha gata derrubou mais um vaso 🤦🏽‍♀️',
  'o cheiro da lavanda de manhã não tem preço',
  'adubo de casca de banana funciona mesmo?',
  'funciona, mas tem que compostar antes',
  'passei na loja no sábado, chegou muita coisa nova',
  'dica: água de torneira descansada um dia antes de regar',
  'quem troca muda de {plant}?',
  'eu troco! mora onde?',
  'tava com cochonilha, passei óleo de neem e resolveu 🙌',
  'boa semana a todos 🌱',
  'meu marido diz que já tem planta demais, discordo 😂',
  'family photo time 👨‍👩‍👧‍👦🪴',
];

/** Captions of photos shown to the group. */
export const GROUP_CAPTIONS: readonly string[] = [
  'olha o tamanho da {plant}!',
  'cantinho novo 🪴',
  'antes e depois do replantio',
  'primeira flor do ano 🌼',
];

/** What the shop itself says there, in the group's name. */
export const ANNOUNCEMENTS: readonly string[] = [
  'Bom dia! Chegaram plantas novas: {plant}, {plant} e muito mais. 🌿',
  'Amanhã abrimos às 9h. Esperamos vocês!',
  'Os vasos esmaltados voltaram ao estoque. 💙',
  'Dica da semana: no calor, regue cedo ou no fim da tarde.',
];

export const STICKERS: readonly string[] = ['🌵', '😍', '👍', '🌻', '🙏', '😂'];

/** What else may be tapped on a message. */
export const REACTIONS: readonly string[] = ['❤', '👍', '🔥', '🥰', '👏', '🎉'];
