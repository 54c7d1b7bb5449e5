{# Web addresses: the whole, the host, the domain and its name, the path, and how rare the shared address is. #}
{% macro compare_url(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature('host', dbt_dedup.same(f ~ '__host'), '1 where the hosts are equal'),
        dbt_dedup.feature(
            'domain', dbt_dedup.same(f ~ '__domain'),
            '1 where the registrable domains are equal, shared hosts left out'
        ),
        dbt_dedup.feature(
            'name', dbt_dedup.name_similarity('l.' ~ f ~ '__name', 'r.' ~ f ~ '__name'),
            'Jaro-Winkler similarity of the first labels of the domains (acme in acme.co.uk and acme.de)'
        ),
        dbt_dedup.feature(
            'path', dbt_dedup.name_similarity('l.' ~ f ~ '__path', 'r.' ~ f ~ '__path'),
            'Jaro-Winkler similarity of the paths'
        ),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
