{# The rules of a spec that rule a match out, in order: a name and SQL over the two sides `l` and `r`. #}
{% macro _entity_never(entity, given) %}
    {%- if given is string or given is mapping or given is not sequence -%}
        {{- dbt_dedup.spec_error(entity, 'never', given, 'a list of mappings with name and sql (over l.<column> and r.<column>)') -}}
    {%- endif -%}
    {%- set rules = [] -%}
    {%- for rule in given -%}
        {%- if rule is not mapping or not rule.get('name') or not rule.get('sql') -%}
            {{- dbt_dedup.spec_error(entity, 'never', rule, 'a mapping with name and sql (over l.<column> and r.<column>)') -}}
        {%- endif -%}
        {%- for key in rule if key not in ['name', 'sql'] -%}
            {{- dbt_dedup.spec_error(entity, 'never.' ~ rule.name, key, ['name', 'sql']) -}}
        {%- endfor -%}
        {%- if not modules.re.fullmatch('[a-z][a-z0-9_]*', rule.name) -%}
            {{- dbt_dedup.spec_error(
                entity, 'never.' ~ rule.name, rule.name, 'a name of lower-case letters, digits and underscores'
            ) -}}
        {%- endif -%}
        {%- do rules.append({'name': rule.name, 'sql': rule.sql}) -%}
    {%- endfor -%}
    {{- return(rules) -}}
{% endmacro %}
