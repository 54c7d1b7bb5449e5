{#
    The reference lists that fields can look words up in, each as SQL of one row with one map `entries`. The seeds they read
    belong to the project and can be extended there.
#}
{% macro lookup_relations() %}
    {%- set word_list = "select " ~ dbt_dedup.lookup_map('word', 'canonical') ~ " as entries from " -%}
    {{- return({
        'nicknames': "select " ~ dbt_dedup.lookup_map('nickname', 'formal_names') ~ " as entries from (select nickname, "
            ~ dbt_dedup.item_list('name') ~ " as formal_names from " ~ ref('dedup_nicknames') ~ " group by nickname) as names",
        'street_words': word_list ~ ref('dedup_street_words'),
        'legal_forms': "select " ~ dbt_dedup.lookup_map('form', 'canonical') ~ " as entries from " ~ ref('dedup_legal_forms'),
        'mail_domains': "select " ~ dbt_dedup.lookup_map('domain', 'canonical') ~ " as entries from "
            ~ ref('dedup_free_mail_domains'),
        'ignores_dots': "select " ~ dbt_dedup.lookup_map('domain', 'ignores_dots') ~ " as entries from "
            ~ ref('dedup_free_mail_domains'),
    }) -}}
{% endmacro %}
