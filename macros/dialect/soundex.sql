{#
    American Soundex (Russell 1918, as the US National Archives describe it): a letter and three digits, so that names that
    sound alike agree. Null where the beginning of the text (see method_constants) has no ASCII letter.
#}
{% macro soundex(text) %}
    {{- return(adapter.dispatch('soundex', 'dbt_dedup')(text)) -}}
{% endmacro %}

{% macro duckdb__soundex(text) %}
    {%- set longest = dbt_dedup.method_constants().compared_characters -%}
    {#-
        The list of one item gives its item a name. h and w vanish, vowels separate two letters of one code, a run of a code is
        written once, and the first letter replaces its own code.
    -#}
    {{- return("list_transform(
    [regexp_replace(left(" ~ text ~ ", " ~ longest ~ "), '[^a-z]+', '', 'g')],
    lambda letters: case when letters <> '' then left(letters, 1) || rpad(left(replace(substr(
        " ~ 'regexp_replace(' * 6 ~ "
            translate(letters, 'bfpvcgjkqsxzdtlmnraeiouyhw', '111122222222334556000000'),
            '11+', '1', 'g'), '22+', '2', 'g'), '33+', '3', 'g'), '44+', '4', 'g'), '55+', '5', 'g'), '66+', '6', 'g'),
        case when left(letters, 1) in ('h', 'w') then 1 else 2 end
    ), '0', ''), 3), 3, '0') end
)[1]") -}}
{% endmacro %}

{% macro default__soundex(text) %}
    {{- dbt_dedup.unsupported('soundex') -}}
{% endmacro %}
