{#
    Phone numbers as +<country code><national number> where that can be told (ITU-T E.164), else their digits. The option
    `country` (ISO 3166 code) says how a number without a country code is read. Key: the last seven digits.
#}
{% macro prepare_phone(field) %}
    {%- set f = field.name -%}
    {%- set clean = f ~ '__clean' -%}
    {%- set plan = dbt_dedup._calling_plan(field) -%}
    {%- set code, longest, shortest = plan.code, plan.longest, plan.shortest -%}
    {%- set code_length = code | length -%}
    {%- set length = 'length(' ~ clean ~ ')' -%}
    {%- set begins_with_code = 'left(' ~ clean ~ ', ' ~ code_length ~ ") = '" ~ code ~ "'" -%}
    {#- a number as long as a national one is not taken for one with a country code -#}
    {%- set shortest_with_code = [shortest + code_length, longest + 1] | max -%}
    {{- return({
        'steps': [
            {'digits': dbt_dedup.replace_patterns('lower(' ~ f ~ '__original)', [
                ['([0-9][^0-9a-z#]*)(ext|x|#).*$', '\\1'], ['[^0-9+(]*[(]0[)]|[^0-9+]+', '']
            ])},
            {'clean': dbt_dedup.replace_pattern(f ~ '__digits', '^(00|' ~ plan.international_prefix ~ ')([1-9])', '+\\2')},
        ],
        'value': dbt_dedup.case_lines([
            "when left(" ~ clean ~ ", " ~ (code_length + 1) ~ ") = '+" ~ code ~ "'\n    then '+" ~ code ~ "' || "
                ~ dbt_dedup.replace_pattern("substr(" ~ clean ~ ", " ~ (code_length + 2) ~ ")", '^0', ''),
            "when left(" ~ clean ~ ", 1) = '+' then " ~ clean,
            "when " ~ begins_with_code ~ " and " ~ length ~ " between " ~ shortest_with_code ~ " and " ~ (longest + code_length)
                ~ "\n    then '+' || " ~ clean,
            "when left(" ~ clean ~ ", 1) = '0' and " ~ length ~ " between " ~ (shortest + 1) ~ " and " ~ (longest + 1)
                ~ "\n    then '+" ~ code ~ "' || substr(" ~ clean ~ ", 2)",
            "when " ~ length ~ " between " ~ shortest ~ " and " ~ longest ~ " then '+" ~ code ~ "' || " ~ clean,
        ], clean),
        'listed_as': "replace(" ~ clean ~ ", '+', '')",
        'problems': [
            {'name': 'no_digits', 'when': 'not ' ~ dbt_dedup.matches_pattern(clean, '[0-9]')},
            {'name': 'wrong_length', 'when': 'length(' ~ f ~ ') not between 6 and 16'},
            {'name': 'repeated_digit', 'when': "replace(right(" ~ f ~ ", 7), right(" ~ f ~ ", 1), '') = ''"},
        ],
        'derived': {'last7': dbt_dedup.last_characters(f, 7)},
        'survivorship': 'current',
        'variant': dbt_dedup._mistyped(),
        'described': {
            'last7': 'Last seven digits.',
        },
    }) -}}
{% endmacro %}
