{# E-mail addresses: the whole, the local part, the domain, and how rare the shared address is. #}
{% macro compare_email(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.name_similarity_feature('local', f ~ '__local', 'the local parts, before the @'),
        dbt_dedup.same_feature('domain', f ~ '__domain', 'the domains, after the @,'),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
