{#
    The digits of a phone number with + in place of the prefix of calls abroad: 00, and that of the country by whose `plan` (see
    _calling_plan) the number is read.
#}
{% macro _dialled_number(digits, plan) %}
    {%- set usual = dbt_dedup.replace_pattern(digits, '^(?:[+]+(?:00)?|00)([1-9])', '+\\1') -%}
    {%- if not plan or plan.international_prefix == "'00'" -%}{{- return(usual) -}}{%- endif -%}
    {%- set prefix = plan.international_prefix -%}
    {{- return(dbt_dedup.case_lines([
        'when ' ~ prefix ~ " <> '00'\n    and left(" ~ digits ~ ', length(' ~ prefix ~ ')) = ' ~ prefix
            ~ '\n    and length(' ~ digits ~ ') > length(' ~ prefix ~ ') + 7\n    and substr(' ~ digits ~ ', length(' ~ prefix
            ~ ") + 1, 1) between '1' and '9'\n    then '+' || substr(" ~ digits ~ ', length(' ~ prefix ~ ') + 1)',
    ], usual)) -}}
{% endmacro %}
