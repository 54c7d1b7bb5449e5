{#
    A clean name as one word in the letters of English, as people write it who do not have the others: umlauts and Scandinavian
    letters as two letters (`müller` becomes `mueller`), Greek and Cyrillic as they are read. `text` is folded with
    spelled_letters (see fold_text) and a column: it is written several times.
#}
{% macro spelled_out(text) %}
    {{- return(adapter.dispatch('spelled_out', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__spelled_out(text) %}
    {%- set spelled = {
        'ä': 'ae', 'ö': 'oe', 'ü': 'ue', 'ø': 'oe', 'å': 'aa', 'đ': 'dj',
        'ж': 'zh', 'х': 'kh', 'ц': 'ts', 'ч': 'ch', 'ш': 'sh', 'щ': 'shch', 'ю': 'yu', 'я': 'ya', 'є': 'ye',
        'ї': 'yi', 'љ': 'lj', 'њ': 'nj', 'џ': 'dz', 'ђ': 'dj', 'θ': 'th', 'χ': 'ch', 'ψ': 'ps',
    } -%}
    {{- return("replace(case
    when strlen(" ~ text ~ ") = length(" ~ text ~ ") then " ~ text ~ "
    else array_to_string(list_transform(
        string_split(translate(
            replace(" ~ text ~ ", 'ου', 'ou'),
            'абвгдезийклмнопрстуфыэіґјћαβγδεζηικλμνξοπρσςτυφωъь',
            'abvgdeziyklmnoprstufyeigjcavgdeziiklmnxoprsstyfo'
        ), ''),
        lambda letter: coalesce(" ~ (dbt_dedup._duckdb_map(spelled) | indent(8)) ~ "[letter], letter)
    ), '')
end, ' ', '')") -}}
{% endmacro %}

{% macro default__spelled_out(text) %}
    {{- dbt_dedup.unsupported('spelled_out') -}}
{% endmacro %}
