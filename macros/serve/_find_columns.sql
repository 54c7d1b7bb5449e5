{# The columns of a pair of _find_features besides its keys and its features. #}
{% macro _find_columns() %}
    {{- return([
        'record_id_l', 'record_id_r', 'entity_id', 'records_in_entity', 'representative_key', 'is_compared', 'is_identical',
        'is_certain_copy', 'proposed_by', 'ruled_out_by',
    ]) -}}
{% endmacro %}
