{#
    The distinct numerals of a clean text, in order: its words that hold a digit, Roman numerals in digits (`ii` is `2`; `i`, `v`
    and `x` only behind words such as `part`), a number with the unit behind it (`1 liter` is `1l`).
#}
{% macro numerals(text) %}
    {{- return(adapter.dispatch('numerals', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__numerals(text) %}
    {%- set roman = {
        'i.': '1', 'ii': '2', 'iii': '3', 'iv': '4', 'v.': '5', 'vi': '6', 'vii': '7', 'viii': '8', 'ix': '9', 'x.': '10',
        'xi': '11', 'xii': '12', 'xiii': '13', 'xiv': '14', 'xv': '15', 'xvi': '16', 'xvii': '17', 'xviii': '18', 'xix': '19',
        'xx': '20',
    } -%}
    {%- set units = {
        'liter': 'l', 'liters': 'l', 'litre': 'l', 'litres': 'l', 'ltr': 'l', 'lt': 'l', 'milliliter': 'ml', 'millilitre': 'ml',
        'gram': 'g', 'grams': 'g', 'gr': 'g', 'gm': 'g', 'kilogram': 'kg', 'kilograms': 'kg', 'kilo': 'kg', 'kgs': 'kg',
        'ounce': 'oz', 'ounces': 'oz', 'pound': 'lb', 'pounds': 'lb', 'lbs': 'lb', 'inch': 'in', 'inches': 'in', 'zoll': 'in',
        'foot': 'ft', 'feet': 'ft', 'meter': 'm', 'meters': 'm', 'metre': 'm', 'metres': 'm', 'watt': 'w', 'watts': 'w',
        'volt': 'v', 'volts': 'v', 'gigabyte': 'gb', 'gigabytes': 'gb', 'terabyte': 'tb', 'pack': 'pk', 'packs': 'pk',
        'piece': 'pc', 'pieces': 'pc', 'pcs': 'pc', 'count': 'ct',
    } -%}
    {%- set short = 'ml|cl|dl|l|mg|g|kg|oz|lb|mm|cm|m|km|ft|w|kw|mah|mb|gb|tb|hz|khz|mhz|ghz|pk|pc|ct' -%}
    {%- set parts = 'part|pt|vol|volume|book|chapter|ch|act|phase|type|mark|mk|level|stage|class|section|teil|band|parte|partie|tome' -%}
    {#- a full stop, which no clean text holds, marks the letters that are numerals only here -#}
    {%- set marked = dbt_dedup.replace_patterns(text, [
        ['\\b([0-9]+) (' ~ short ~ '|' ~ units.keys() | join('|') ~ ')\\b', '\\1\\2'],
        ['\\b(' ~ parts ~ ') ([ivx])\\b', '\\1 \\2.'],
    ]) -%}
    {{- return("list_sort(list_distinct(list_transform(
    list_filter(
        string_split(" ~ (marked | indent(8)) ~ ", ' '),
        lambda word: regexp_matches(word, '[0-9]|^([ivx][.]|i{2,3}|iv|vi{1,3}|ix|x(i{1,3}|iv|vi{0,3}|ix|x))$')
    ),
    lambda word: coalesce(
        " ~ (dbt_dedup._duckdb_map(roman) | indent(8)) ~ "[word],
        regexp_extract(word, '^[0-9]+') || " ~ (dbt_dedup._duckdb_map(units) | indent(8)) ~ "[regexp_extract(word, '^[0-9]+([a-z]+)$', 1)],
        word
    )
)), 'ASC', 'NULLS LAST')") -}}
{% endmacro %}

{% macro default__numerals(text) %}
    {{- dbt_dedup.unsupported('numerals') -}}
{% endmacro %}
