{#
    What `dbt_dedup.lookup` needs of an entity, as JSON: the columns of the input by what the spec uses them for, the SQL that
    standardizes each field, and the further steps of `find` by name. They read relations of the names `dedup_find_...`, which
    Python gives them; it looks up what is known of a record in between, and scores. So the engine can prepare each step once:
    it plans a statement that reads a table of the warehouse at every run.
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
    {%- set standardizing = {} -%}
    {%- for field in spec.fields -%}
        {%- do standardizing.update({field.name: dbt_dedup.stg_records(entity_name, input='dedup_find_input', field=field.name)}) -%}
    {%- endfor -%}
    {%- set steps = {
        'totals': dbt_dedup._find_totals(entity_name),
        'standardized': dbt_dedup._find_whole_text(entity_name, 'dedup_find_fields'),
        'record_keys': dbt_dedup._find_record_keys('dedup_find_standardized'),
        'known_values': dbt_dedup._find_known_values(entity_name),
        'new_values': dbt_dedup._find_new_values(entity_name, 'dedup_find_standardized'),
        'value_counts': dbt_dedup._find_value_counts(
            'dedup_find_new_values', 'dedup_find_totals', 'dedup_find_known_values'
        ),
        'words': dbt_dedup._find_words(entity_name, 'dedup_find_standardized', 'dedup_find_value_counts'),
        'token_counts': dbt_dedup._find_token_counts('dedup_find_words', 'dedup_find_totals', 'dedup_find_known_words'),
        'new_records': dbt_dedup.keyed_records(entity_name, new=inputs),
        'new_keys': dbt_dedup.block_keys(entity_name, records='dedup_find_new_records'),
        'pairs': dbt_dedup._find_pairs(entity_name, 'dedup_find_new_records', 'dedup_find_new_keys', {
            'block_keys': 'dedup_find_known_keys', 'entities': 'dedup_find_known_entities', 'records': 'dedup_find_known_records',
        }),
        'records': dbt_dedup._find_records('dedup_find_pairs', 'dedup_find_new_records', 'dedup_find_known_records'),
        'features': dbt_dedup._find_features(entity_name, 'dedup_find_pairs', 'dedup_find_records'),
        'entities': dbt_dedup._find_entities(entity_name, 'dedup_find_scores', 'dedup_find_thresholds'),
    } -%}
    {{- return(tojson({
        'columns': columns, 'max_block_size': spec.max_block_size, 'standardizing': standardizing, 'steps': steps,
    })) -}}
{% endmacro %}
