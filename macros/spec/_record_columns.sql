{#
    Columns that stand next to those of the fields, in a relation or in a step of one, so that no field may have their names. A
    test compares the list with every step of the reference entities.
#}
{% macro _record_columns() %}
    {{- return([
        'cluster_key', 'component_key', 'content_hash', 'definition', 'doubtful_fields', 'entity_id',
        'family_is_given_name', 'first_updated_at', 'first_word', 'foreignness', 'given_is_family_name',
        'has_diacritics', 'has_mixed_case', 'input_digest', 'is_distinctive', 'is_doubtful', 'is_lesser', 'is_misspelled', 'l',
        'last_updated_at', 'last_word', 'lesser_fields', 'r', 'rarity', 'record_count', 'record_id',
        'record_key', 'records', 'records_in_entity', 'records_of_city', 'records_of_postcode', 'representative_key',
        'row_hash', 'source', 'source_rank', 'sources',
        'updated_at', 'value_number', 'whole_text',
    ]) -}}
{% endmacro %}
