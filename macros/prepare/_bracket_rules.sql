{# Patterns (see replace_patterns) that leave out remarks in brackets, signs and doubled spaces. #}
{% macro _bracket_rules() %}
    {{- return([['[(\\[][^)\\]]*([)\\]]|$)|[*#?]+[0-9]*', ''], [dbt_dedup._doubled_spaces(), ' ']]) -}}
{% endmacro %}
