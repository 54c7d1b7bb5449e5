{# Columns of the relations with features that are the package's own, so that no feature may have their names. #}
{% macro _pair_columns() %}
    {{- return([
        'record_key_l', 'record_key_r', 'record_id_l', 'record_id_r', 'label', 'sampled_by', 'sampling_weight', 'input_digest',
        'is_sampled', 'match_probability', 'match_weight', 'expected_probability', 'match_threshold', 'review_threshold', 'model_version',
    ]) -}}
{% endmacro %}
