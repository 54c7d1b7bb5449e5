{# E-mail addresses: the whole, the local part, the domain, and how rare the shared address is. #}
{% macro compare_email(field) %}
    {%- set f = field.name -%}
    {{- return([
        dbt_dedup.exact_feature(f),
        dbt_dedup.feature(
            'local', dbt_dedup.name_similarity('l.' ~ f ~ '__local', 'r.' ~ f ~ '__local'),
            'Jaro-Winkler similarity of the local parts'
        ),
        dbt_dedup.feature('domain', dbt_dedup.same(f ~ '__domain'), '1 where the domains are equal'),
        dbt_dedup.rarity_feature(f),
    ]) -}}
{% endmacro %}
