{#
    SQL of one row with the map `entries` of a reference list that fields look words up in. The seeds belong to the project
    and can be extended there.
#}
{% macro lookup_relation(lookup) %}
    {%- if lookup == 'nicknames' -%}
        select {{ dbt_dedup.lookup_map('nickname', 'formal_names') }} as entries
        from (
            select
                nickname,
                {{ dbt_dedup.item_list('name') }} as formal_names
            from {{ ref('dedup_nicknames') }}
            group by nickname
        ) as names
    {%- elif lookup == 'street_words' -%}
        select {{ dbt_dedup.lookup_map('word', 'canonical') }} as entries from {{ ref('dedup_street_words') }}
    {%- elif lookup == 'legal_forms' -%}
        select {{ dbt_dedup.lookup_map('form', 'canonical') }} as entries from {{ ref('dedup_legal_forms') }}
    {%- elif lookup == 'mail_domains' -%}
        select {{ dbt_dedup.lookup_map('domain', 'canonical') }} as entries from {{ ref('dedup_free_mail_domains') }}
    {%- elif lookup == 'ignores_dots' -%}
        select {{ dbt_dedup.lookup_map('domain', 'ignores_dots') }} as entries from {{ ref('dedup_free_mail_domains') }}
    {%- else -%}
        {{- exceptions.raise_compiler_error(
            "dbt_dedup: a field type names the lookup '" ~ lookup ~ "', expected one of nicknames, street_words, legal_forms, "
            ~ "mail_domains, ignores_dots"
        ) -}}
    {%- endif -%}
{% endmacro %}
