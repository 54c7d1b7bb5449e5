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
    {%- set codes = namespace(text="translate(" ~ letters ~ ", 'bfpvcgjkqsxzdtlmnraeiouyhw', '111122222222334556000000')") -%}
    {%- for digit in '123456' -%}
        {%- for _ in range(2) -%}
            {%- set codes.text = "replace(" ~ codes.text ~ ", '" ~ digit ~ digit ~ "', '" ~ digit ~ "')" -%}
        {%- endfor -%}
    {%- endfor -%}
    {#- the first letter stands for its own code -#}
    {%- set first_code = "translate(left(" ~ letters ~ ", 1), 'bfpvcgjkqsxzdtlmnraeiouyhw', '111122222222334556000000')" -%}
    {%- set rest = "substr(" ~ codes.text ~ ", 1 + length(" ~ first_code ~ "))" -%}
    {{- return(
        "case when length(" ~ letters ~ ") > 0 then left(" ~ letters ~ ", 1) || "
        ~ "rpad(left(replace(" ~ rest ~ ", '0', ''), 3), 3, '0') end"
    ) -}}
{% endmacro %}

{% macro default__soundex(text) %}
    {{- dbt_dedup.unsupported('soundex') -}}
{% endmacro %}
