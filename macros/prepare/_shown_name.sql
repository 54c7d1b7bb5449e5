{#
    What a golden record shows of a person's name: as shown_without_remarks, and without what _name_remark_rules leave out (a name at
    birth, a nickname in quotes, `deceased`); titles stay. `rules` are further patterns for the text without regard to case.
#}
{% macro _shown_name(field_name, rules=[]) %}
    {%- set meant, any_case = field_name ~ '__meant', [] -%}
    {#- digits are not read as letters, which is a guess -#}
    {%- for pattern, replacement in dbt_dedup._name_remark_rules() + rules -%}{%- do any_case.append(['(?i)' ~ pattern, replacement]) -%}{%- endfor -%}
    {%- set shown = dbt_dedup.replace_patterns(
        meant, dbt_dedup._bracket_rules() + any_case + [[dbt_dedup._doubled_spaces(), ' ']]
    ) -%}
    {%- set cleared -%}
case
    when {{ dbt_dedup.matches_pattern(meant, '(?i)' ~ dbt_dedup._signs_in_names()) }}
        then coalesce(nullif(trim(
            {{ shown }}
        ), ''), {{ field_name }})
end
    {%- endset -%}
    {{- return('coalesce(' ~ cleared ~ ', ' ~ dbt_dedup.shown_without_remarks(field_name) ~ ')') -}}
{% endmacro %}
