{#
    The steps of `find` as JSON for `dbt_dedup.lookup`: `steps`, name to SQL, and `columns`, the columns of the input by what the
    spec uses them for. Python gives the steps relations of the names `dedup_find_...` and scores in between. Steps that read no table of the warehouse but reference lists are apart, because the engine prepares them
    once.
#}
{% macro _find_statements(entity_name) %}
    {%- set inputs = {
        'records': 'dedup_find_standardized', 'record_keys': 'dedup_find_record_keys',
        'value_counts': 'dedup_find_value_counts', 'token_counts': 'dedup_find_token_counts',
    } -%}
    {%- set spec = dbt_dedup.entity(entity_name) -%}
    {%- set fields, countries = {}, {} -%}
    {%- for field in spec.fields -%}
        {%- do fields.update({field.name: [field.column] if field.column is string else field.column}) -%}
        {%- if field.country is mapping -%}{%- do countries.update({field.name: field.country.column}) -%}{%- endif -%}
    {%- endfor -%}
    {%- set columns = {'record_id': spec.record_id, 'source': spec.source, 'fields': fields, 'countries': countries} -%}
    {%- set steps = {
        'totals': dbt_dedup._find_totals(entity_name),
        'standardized': dbt_dedup.stg_records(entity_name, input='dedup_find_input'),
        'record_keys': dbt_dedup._find_record_keys('dedup_find_standardized'),
        'value_counts': dbt_dedup._find_value_counts(entity_name, 'dedup_find_standardized', 'dedup_find_totals'),
        'token_counts': dbt_dedup._find_token_counts(entity_name, 'dedup_find_standardized', 'dedup_find_value_counts'),
        'new_records': dbt_dedup.keyed_records(entity_name, new=inputs),
        'new_keys': dbt_dedup.block_keys(entity_name, records='dedup_find_new_records'),
        'pairs': dbt_dedup._find_pairs(entity_name, 'dedup_find_new_records', 'dedup_find_new_keys'),
        'records': dbt_dedup._find_records(entity_name, 'dedup_find_pairs', 'dedup_find_new_records'),
        'features': dbt_dedup._find_features(entity_name, 'dedup_find_pairs', 'dedup_find_records'),
        'entities': dbt_dedup._find_entities(entity_name, 'dedup_find_scores', 'dedup_find_thresholds'),
    } -%}
    {{- return(tojson({'columns': columns, 'steps': steps})) -}}
{% endmacro %}
