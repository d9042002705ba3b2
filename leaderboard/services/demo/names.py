"""What the demo's leads are called: companies that do not exist, no two alike."""

_STEMS = (
    "Aurora", "Lua", "Nortec", "Boa Vista", "Ipê", "Serra Azul", "Horizonte", "Maré", "Cedro", "Vale Verde",
    "Estrela", "Atlas", "Pampa", "Solar", "Âncora", "Ponte Nova", "Cristal", "Girassol", "Farol", "Pinheiro",
    "Bambu", "Primavera", "Monte Alto", "Rio Claro", "Orla", "Trilha", "Sabiá", "Araucária", "Jequitibá", "Colibri",
    "Tucano", "Mandacaru", "Safira", "Rubi", "Topázio", "Águia", "Delta", "Vértice", "Prisma", "Órbita",
    "Campo Belo", "Lagoa", "Cascata", "Neblina", "Veredas", "Sertão", "Litoral", "Planalto", "Cabo Frio", "Amanhecer",
    "Alvorada", "Poente", "Mirante", "Bússola", "Quilombo", "Cacau", "Guaraná", "Açaí", "Pitanga", "Jabuti",
    "Andorinha", "Beija-Flor", "Canela", "Hortelã", "Alecrim", "Oliva", "Figueira", "Laranjal", "Cafezal", "Trigo",
    "Moinho", "Engenho", "Tear", "Bigorna", "Forja", "Quilha", "Leme", "Vela", "Porto Sul", "Porto Norte",
    "Nova Era", "Boreal", "Austral", "Meridiano", "Equador", "Trópico", "Pirâmide", "Castelo", "Torre", "Arco",
    "Ladeira", "Chapada", "Itaúna", "Jandaia", "Caravela", "Diamantina", "Esmeralda", "Ametista", "Turmalina",
    "Ouro Verde", "Prata", "Bronze", "Marfim", "Cobre", "Granito", "Basalto", "Areia Branca", "Rocha Firme", "Brisa",
    "Ventania", "Orvalho", "Garoa", "Cometa", "Zênite", "Eclipse",
)  # fmt: skip

_KINDS = (
    "{} Engenharia", "Padaria {}", "Grupo {}", "{} Logística", "Clínica {}", "Transportes {}", "Mercado {}",
    "{} Alimentos", "Escola {}", "{} Sistemas", "Móveis {}", "Farmácia {}", "{} Construtora", "Hotel {}",
    "{} Têxtil", "Oficina {}", "{} Contabilidade", "Cervejaria {}", "{} Seguros", "Livraria {}", "{} Agro",
    "Metalúrgica {}", "{} Turismo", "Pousada {}", "{} Imóveis", "Laticínios {}", "{} Embalagens", "Academia {}",
    "{} Distribuidora", "Editora {}", "{} Energia", "Supermercados {}", "{} Plásticos", "Vinícola {}",
    "Irmãos {}", "Casa {}", "Estúdio {}", "{} & Filhos", "Colégio {}", "Ateliê {}", "{} Ferragens",
    "Empório {}", "{} Calçados", "Confecções {}", "{} Tintas", "Gráfica {}", "{} Elétrica", "Granja {}",
    "{} Cosméticos", "Sítio {}", "{} Esportes", "Ótica {}", "{} Joias", "Cantina {}", "{} Eventos",
    "Restaurante {}", "{} Vidros", "Madeireira {}", "{} Máquinas", "Usina {}", "{} Refrigeração", "Clube {}",
    "{} Segurança", "Instituto {}", "{} Química", "Fazenda {}", "{} Mineração", "Estaleiro {}", "{} Brinquedos",
    "Sorveteria {}", "{} Climatização", "Torrefação {}", "{} Pneus", "Lavanderia {}", "{} Arquitetura",
    "Curtume {}", "{} Sementes", "Moinhos {}", "{} Bicicletas", "Perfumaria {}", "{} Consultoria",
    "Autopeças {}", "{} Telecom", "Cerâmica {}", "{} Papéis", "Laboratório {}", "{} Pescados",
)  # fmt: skip

_CITIES = (
    "Recife", "Curitiba", "Belém", "Manaus", "Natal", "Goiânia", "Maceió", "Aracaju", "Vitória", "Joinville",
    "Londrina", "Santos", "Campinas", "Niterói", "Pelotas", "Uberaba", "Cuiabá", "Palmas", "Teresina", "Salvador",
)  # fmt: skip

_SURNAMES = (
    "Almeida", "Barbosa", "Cardoso", "Carvalho", "Correia", "Cunha", "Esteves", "Fonseca", "Furtado", "Garcia",
    "Guedes", "Henriques", "Leite", "Lopes", "Macedo", "Machado", "Marinho", "Matos", "Medeiros", "Mendes",
    "Monteiro", "Morais", "Nogueira", "Pacheco", "Peixoto", "Pereira", "Pimentel", "Queiroz", "Rangel", "Rezende",
    "Sampaio", "Santana", "Serrano", "Tavares", "Valente", "Vasconcelos", "Vieira",
)  # fmt: skip

_STRIDE = 1_597
"""A prime that no list is a multiple of, so that neighbours in number are none in name."""


def lead_name(number: int) -> str:
    """The planned lead of that number; one number, one name."""
    return _name(number, _STEMS)


def live_lead_name(number: int) -> str:
    """Likewise for those who come while the demo runs: another row of names."""
    return _name(number, _SURNAMES)


def _name(number: int, stems: tuple[str, ...]) -> str:
    pairs = len(stems) * len(_KINDS)
    rounds, place = divmod(number, pairs)
    stem, kind = divmod(place * _STRIDE % pairs, len(_KINDS))
    name = _KINDS[kind].format(stems[stem])
    if not rounds:
        return name
    again, step = divmod(rounds - 1, len(_CITIES))
    # Neighbours in number live in different cities.
    return f"{name} {_CITIES[(step + place) % len(_CITIES)]}" + (f" {again + 1}" if again else "")
