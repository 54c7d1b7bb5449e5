{#
    What the calling plan of a phone field's country says, each fact as SQL: literals where the spec names one country, columns
    where every record has its own (null where the country is not known), and none where the spec names no country.
#}
{% macro _calling_plan(field) %}
    {%- if not field.country -%}{{- return(none) -}}{%- endif -%}
    {#- the facts are the same for all countries -#}
    {%- set plans = dbt_dedup._calling_plans(field.country if field.country is string else 'US') -%}
    {%- if not plans -%}
        {{- dbt_dedup.spec_error(
            field.entity, 'fields.' ~ field.name ~ '.country', field.country,
            'an ISO 3166 code of two letters such as US, GB or DE, or a column of them: {column: country}'
        ) -}}
    {%- endif -%}
    {%- set plan = {} -%}
    {%- for fact, value in (plans.values() | first).items() -%}
        {%- set literal = value if value is number else "'" ~ value ~ "'" -%}
        {%- do plan.update({fact: literal if field.country is string else field.name ~ '__' ~ fact}) -%}
    {%- endfor -%}
    {{- return(plan) -}}
{% endmacro %}
