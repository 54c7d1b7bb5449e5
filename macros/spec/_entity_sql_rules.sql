{#
    The entries of `features` or `never` in order, checked and with their defaults. `group` is the group of spec_keys that
    describes an entry.
#}
{% macro _entity_sql_rules(entity, key, given, group='never') %}
    {%- set keys = dbt_dedup.spec_keys() -%}
    {%- set rules = [] -%}
    {%- for rule in given -%}
        {%- if rule is not mapping -%}
            {{- dbt_dedup.spec_error(entity, key, 'nothing' if rule is none else rule, dbt_dedup._expected({'is': 'list'})) -}}
        {%- endif -%}
        {%- set rule_name = rule.get('name') -%}
        {%- set place = key ~ '.' ~ rule_name if dbt_dedup._is_allowed(rule_name, {'is': 'name'}) else key ~ '[' ~ loop.index0 ~ ']' -%}
        {%- do rules.append(dbt_dedup._filled(entity, place ~ '.', rule, keys[group])) -%}
    {%- endfor -%}
    {%- set names = rules | map(attribute='name') | list -%}
    {%- for rule_name in names if names.count(rule_name) > 1 -%}
        {{- dbt_dedup.spec_error(entity, key, rule_name, 'a name that no other of them has') -}}
    {%- endfor -%}
    {{- return(rules) -}}
{% endmacro %}
