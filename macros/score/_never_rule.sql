{# SQL of the name of the first rule of `never` that rules out a match of the records `l` and `r`; null if none does. #}
{% macro _never_rule(spec) %}
    {%- set rules = [] -%}
    {%- for rule in spec.never -%}{%- do rules.append('when ' ~ rule.sql ~ " then '" ~ rule.name ~ "'") -%}{%- endfor -%}
    {%- set none_of_them = 'cast(null as ' ~ dbt_dedup.text_type() ~ ')' -%}
    {{- return(dbt_dedup.case_lines(rules, none_of_them) if rules else none_of_them) -}}
{% endmacro %}
