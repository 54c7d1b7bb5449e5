{# Whether the clean words of an address hold anything that _address_word_rules change. #}
{% macro _has_address_words(text) %}
    {%- set months = dbt_dedup._months_in_streets() -%}
    {{- return(dbt_dedup.matches_pattern(text, dbt_dedup._long_pattern([
        '(?:str|strasse|strase|straat|platz|laan|plein|gracht|steenweg)(?: |$)',
        '|(?:gatan|gata|gaten|gate|gade|gasse|vagen|vegen|veien|vei|veg|vej) [0-9]',
        '|^(?:one|ul|ulica|ulice|pl|place|plac|placa|plaza|plz|piazza|pzza|pza|praca|pca|tv|trav|travessa|travesia|cl|cll) ',
        '|^(?:c|calle|cra|carrera|kra|kr|av|ave|avenida|avda|r|rua|rue) [0-9]|(?:highway|hwy|route|rte) [0-9]',
        '|(?:^|[0-9][a-z]? | [nsew] )(?:north|south|east|west) [a-z]+(?: [nsew]+)?$|[0-9] [abdfgh] |[0-9] [a-z]$',
        '|^[0-9]+[a-z]? (?:[a-z]+ )?[0-9]{1,3} [a-z]|\\b(?:cr|sr|rd|rte?|road|route) [0-9]|^[nsew][0-9]| du (?:[gm]al|[pc]dt) |\\bind ',
        '|[0-9] (?:bis|ter|quater|[a-z] (?:apt|apto|unit|fl|ste|pobox))\\b',
        '|(?:^|[^0-9 ] )[0-9]{1,2} (?:d[ei] )?(?:',
        months.with_year, '|' ~ months.after_de, '|' ~ months.first, ')',
    ]))) -}}
{% endmacro %}
