{#
    American Soundex (Russell 1918, as the US National Archives describe it): a letter and three digits, so that names which
    sound alike agree. Null where the text has no ASCII letter.
#}
{% macro soundex(text) %}
    {{- return(adapter.dispatch('soundex', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__soundex(text) %}
    {%- set letters = "regexp_replace(" ~ text ~ ", '[^a-z]+', '', 'g')" -%}
    {#- h and w vanish, vowels part two letters of one code, runs of a code are written once -#}
    {%- set all_codes = "translate(" ~ letters ~ ", 'bfpvcgjkqsxzdtlmnraeiouyhw', '111122222222334556000000')" -%}
    {%- set codes = namespace(text=all_codes) -%}
    {%- for digit in '123456' -%}
        {%- for _ in range(2) -%}
            {%- set codes.text = "replace(" ~ codes.text ~ ", '" ~ digit ~ digit ~ "', '" ~ digit ~ "')" -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set squeezed = "case when regexp_matches(" ~ all_codes ~ ", '11|22|33|44|55|66') then " ~ codes.text ~ " else " ~ all_codes ~ " end" -%}
    {#- the first letter stands for its own code -#}
    {%- set rest = "substr(" ~ squeezed ~ ", case when left(" ~ letters ~ ", 1) in ('h', 'w') then 1 else 2 end)" -%}
    {{- return(
        "case when length(" ~ letters ~ ") > 0 then left(" ~ letters ~ ", 1) || "
        ~ "rpad(left(replace(" ~ rest ~ ", '0', ''), 3), 3, '0') end"
    ) -}}
{% endmacro %}

{% macro default__soundex(text) %}
    {{- dbt_dedup.unsupported('soundex') -}}
{% endmacro %}
