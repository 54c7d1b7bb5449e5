{#
    Phone numbers as +<country code><national number> where that can be told (ITU-T E.164), else their digits. The option
    `country` (ISO 3166 code) says how a number without a country code is read. Key: the last seven digits.
#}
{% macro prepare_phone(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set plan = dbt_dedup.calling_plan(field) -%}
    {%- set code, longest, shortest = plan.code, plan.longest, plan.shortest -%}
    {%- set code_length = code | length -%}
    {{- return({
        'clean': dbt_dedup.replace_pattern(
            dbt_dedup.replace_pattern(
                dbt_dedup.replace_pattern('lower(' ~ f ~ '__original)', '([0-9][^0-9a-z#]*)(ext|x|#).*$', '\\1'),
                '[^0-9+(]*[(]0[)]|[^0-9+]+', ''
            ),
            '^(00|' ~ plan.international_prefix ~ ')([1-9])', '+\\2'
        ),
        'value': "case"
            ~ " when left(" ~ clean ~ ", " ~ (code_length + 1) ~ ") = '+" ~ code ~ "' then '+" ~ code ~ "' || "
            ~ dbt_dedup.replace_pattern("substr(" ~ clean ~ ", " ~ (code_length + 2) ~ ")", '^0', '')
            ~ " when left(" ~ clean ~ ", 1) = '+' then " ~ clean
            ~ " when left(" ~ clean ~ ", " ~ code_length ~ ") = '" ~ code ~ "' and length(" ~ clean ~ ") between "
            ~ (shortest + code_length) ~ " and " ~ (longest + code_length) ~ " and length(" ~ clean ~ ") > " ~ longest
            ~ " then '+' || " ~ clean
            ~ " when left(" ~ clean ~ ", 1) = '0' and length(" ~ clean ~ ") between " ~ (shortest + 1) ~ " and " ~ (longest + 1)
            ~ " then '+" ~ code ~ "' || substr(" ~ clean ~ ", 2)"
            ~ " when length(" ~ clean ~ ") between " ~ shortest ~ " and " ~ longest ~ " then '+" ~ code ~ "' || " ~ clean
            ~ " else " ~ clean ~ " end",
        'listed_as': "replace(" ~ clean ~ ", '+', '')",
        'problems': [
            {'name': 'no_digits', 'when': 'not ' ~ dbt_dedup.matches_pattern(clean, '[0-9]')},
            {'name': 'wrong_length', 'when': 'length(' ~ f ~ ') not between 6 and 16'},
            {'name': 'repeated_digit', 'when': "length(replace(right(" ~ f ~ ", 7), right(" ~ f ~ ", 1), '')) = 0"},
        ],
        'derived': {'last7': dbt_dedup.last_characters(f, 7)},
    }) -}}
{% endmacro %}
