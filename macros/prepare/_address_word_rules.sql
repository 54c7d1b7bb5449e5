{#
    Patterns for the clean words of an address (see replace_patterns): the ending of a street's name in one spelling, the type
    before a name, a letter behind the house number, a number that belongs to the street's name. `~` marks a word that keeps
    its spelling.
#}
{% macro _address_word_rules() %}
    {%- set types = dbt_dedup._long_pattern([
        'st|street|ave|avenue|rd|road|ln|lane|dr|drive|blvd|boulevard', '|ct|court|pl|place|way|ter|terrace|cir|pkwy|sq'
    ]) -%}
    {%- set behind = '( (?:[ns]?[ew]?|north|south|east|west|apt|apartment|unit|ste|suite|fl|floor|rm|room|bldg)(?: .*)?)?$' -%}
    {%- set numbered = '^([0-9]+[a-z]?(?: [nsew]| north| south| east| west)?) ([0-9]{0,2}' -%}
    {%- set numbered_types = ') (st|street|ave|avenue|rd|road|blvd|pl|place|ct|court|dr|drive|ter|terrace)' ~ behind -%}
    {%- set months = dbt_dedup._months_in_streets() -%}
    {{- return([
        ['^one ([a-z]+ [^0-9]+)$', '1 \\1'],
        ['^(?:ul|ulica|ulice) ', ''],
        ['^(?:pl|place|plac|placa|plaza|plz|piazza|pzza|pza|praca|pca) ', 'pl '],
        ['^(?:tv|trav|travessa|travesia) ', 'tvsa '],

        ['([a-z]{3})(?:strasse|strase|straat)\\b', '\\1str'],
        ['^([^0-9 ].*[a-z]{2}) (?:strasse|strase|straat|str)( |$)', '\\1str\\2'],
        ['([a-z]{3})platz\\b', '\\1pl'],
        ['([a-z]{4})laan\\b', '\\1ln'],
        ['([a-z]{4})plein\\b', '\\1pln'],
        ['([a-z]{4})gracht\\b', '\\1gr'],
        ['([a-z]{3})steenweg\\b', '\\1stwg'],
        ['^([^0-9].*?[a-z]{2})(?:gatan|gata|gaten|gate|gade|gasse)( [0-9])', '\\1gt\\2'],
        ['^([^0-9].*?[a-z]{2})(?:vagen|vegen|veien|vei|veg|vej)( [0-9])', '\\1vg\\2'],

        ['^(?:c|cl|cll|calle) ([0-9]{1,3}[a-z]?) ([0-9])', 'c\\1 \\2'],
        ['^(?:cra|carrera|kra|kr) ([0-9]{1,3}[a-z]?) ([0-9])', 'cra\\1 \\2'],
        ['^(?:av|ave|avenida|avda) ([0-9]{1,3}[a-z]?) ([0-9])', 'ave\\1 \\2'],
        ['^(?:r|rua|rue) ([0-9]{1,3}[a-z]?) ([0-9])', 'r\\1 \\2'],
        ['^(?:cl|cll) ', 'c '],
        ['^([0-9].* )(?:highway|hwy) ([0-9])', '\\1hwy\\2'],
        ['^([0-9].* )(?:route|rte) ([0-9])', '\\1rte\\2'],

        ['([^0-9 ]) ([0-9]{1,2}) (?:de |di )?(' ~ months.with_year ~ ')\\b', '\\1 \\2\\3'],
        ['([^0-9 ]) ([0-9]{1,2}) (?:de )?(' ~ months.after_de ~ ')\\b', '\\1 \\2\\3'],
        ['([^0-9 ]) ([0-9]{1,2}) (' ~ months.first ~ ')( |$)', '\\1 \\2\\3\\4'],
        ['^([0-9]{1,2}) de (' ~ months.after_de ~ ')\\b', '\\1\\2'],
        ['^([0-9]{1,2}) (' ~ months.first ~ ') ', '\\1\\2 '],
        ['([0-9](?:' ~ months.with_year ~ ')) ((?:1[89]|20)[0-9]{2})\\b', '\\1\\2'],

        ['(^|[0-9][a-z]? | [nsew] )(north|south|east|west) (' ~ types ~ ')( |$)', '\\1~\\2 \\3\\4'],
        ['^([0-9]+) ([a-z]) (' ~ types ~ ')( |$)', '\\1 ~\\2 \\3\\4'],
        ['((?:highway|hwy|route|rte|road|rd|us|sr|cr|fm) [0-9]+) e\\b', '\\1 ~e'],
        ['\\b(?:cr|co rd|cty rd|cnty rd|county rd|county road) ([0-9])', 'county rd \\1'],
        ['\\b(?:sr|st rte?|state rte?|state route) ([0-9])', 'state rte \\1'],
        [numbered ~ '(?:1[0-9]|[04-9])' ~ numbered_types, '\\1 \\2th \\3\\4'],
        [numbered ~ '1' ~ numbered_types, '\\1 \\2st \\3\\4'],
        [numbered ~ '2' ~ numbered_types, '\\1 \\2nd \\3\\4'],
        [numbered ~ '3' ~ numbered_types, '\\1 \\2rd \\3\\4'],
        ['^([nsew][0-9]+) ?([nsew]) ?([0-9]+) ', '\\1\\2\\3 '],
        [' (apt|apartment|unit|ste|suite|rm|room|lot|shop) ([0-9]+) ([a-z])$', ' \\1 \\2\\3'],
        ['\\bind (est|estate|pk|park)( |$)', 'industrial \\1\\2'], ['^(?:poligono|pol) ind ', 'pol industrial '],
        [' du gal ', ' du general '], [' du mal ', ' du marechal '], [' du pdt ', ' du president '], [' du cdt ', ' du commandant '],
        ['^([0-9]+) (bis|ter|quater|[abdfgh]) ([^0-9])', '\\1\\2 \\3'],
        ['^([^0-9].*[^0-9] [0-9]+) (bis|ter|quater|[a-mo-rt-vx-z])( (?:apt|apto|unit|fl|ste|pobox)\\b.*)?$', '\\1\\2\\3'],
    ]) -}}
{% endmacro %}
