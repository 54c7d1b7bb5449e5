{# Web addresses: the whole, the host, the domain and its name, the path, and how rare the shared address is. #}
{% macro compare_url(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.same_feature('host', f ~ '__host', 'the hosts'),
        dbt_dedup.same_feature('domain', f ~ '__domain', 'the registrable domains, without shared hosts,'),
        dbt_dedup.name_similarity_feature(
            'name', f ~ '__name', 'the first labels of the domains (acme in acme.co.uk and acme.de)'
        ),
        dbt_dedup.name_similarity_feature('path', f ~ '__path', 'the paths'),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
