{#
    The columns that the fields of an entity give to the relations of prepare, each with name, description and data type:
    {relation: [columns]}. The YAML of an entity is written from them.
#}
{% macro prepare_columns(entity_name) %}
    {%- set spec = dbt_dedup.entity(entity_name) -%}
    {%- set text = dbt_dedup.text_type() -%}
    {%- set records, keyed = [], [] -%}
    {%- set whole = dbt_dedup.whole_text(spec.fields) -%}
    {%- for field in spec.fields + ([whole] if whole else []) -%}
        {%- set f = field.name -%}
        {%- set is_whole = whole and f == whole.name -%}
        {%- set prepared = dbt_dedup.prepared_whole_text(whole) if is_whole else dbt_dedup.prepare_field(field) -%}
        {%- set described = prepared.described -%}
        {%- if is_whole -%}
            {%- set value = {
                'name': f, 'data_type': text,
                'description': 'Text of the whole record: ' ~ whole.parts | join(', ') ~ ', without incorrect values, in lower case.'
            } -%}
            {%- do records.append(value) -%}
            {%- do keyed.append(value) -%}
        {%- else -%}
            {%- do records.extend([
                {'name': f ~ '__original', 'data_type': text, 'description': "{{ doc('original_value') }}"},
                {'name': f ~ '__problem', 'data_type': text, 'description': "{{ doc('problem') }}"},
                {'name': f, 'data_type': prepared.data_type, 'description': 'Standardized value of type ' ~ field.type ~ '.'},
            ]) -%}
            {%- do keyed.extend([
                {'name': f, 'data_type': prepared.data_type, 'description': 'Standardized value of type ' ~ field.type ~ '.'},
                {'name': f ~ '__rarity', 'data_type': 'double', 'description': "{{ doc('rarity') }}"},
            ]) -%}
        {%- endif -%}
        {%- for key in prepared.derived_names -%}
            {%- do keyed.append({'name': f ~ '__' ~ key, 'data_type': text, 'description': described.get(key, 'Derived by the type.')}) -%}
        {%- endfor -%}
        {%- for key in prepared.numbers -%}
            {%- do keyed.append({'name': f ~ '__' ~ key, 'data_type': 'double', 'description': described.get(key, 'Derived by the type.')}) -%}
        {%- endfor -%}
        {%- for key in prepared.lists -%}
            {%- do keyed.append({'name': f ~ '__' ~ key, 'description': described.get(key, 'Derived by the type.')}) -%}
        {%- endfor -%}
        {%- for key in prepared.parts -%}
            {%- set part = {
                'name': f ~ '__' ~ key, 'data_type': text, 'description': described.get(key, 'Read from the text by the type.')
            } -%}
            {%- do records.append(part) -%}
            {%- do keyed.append(part) -%}
        {%- endfor -%}
        {%- if prepared.tokens -%}
            {%- do keyed.extend([
                {'name': f ~ '__tokens', 'description': "{{ doc('tokens') }}"},
                {'name': f ~ '__rare_tokens', 'description': "{{ doc('rare_tokens') }}"},
                {'name': f ~ '__token_weight', 'data_type': 'double', 'description': "{{ doc('token_weight') }}"},
                {'name': f ~ '__token_squares', 'data_type': 'double', 'description': "{{ doc('token_squares') }}"},
            ]) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return({'stg_' ~ entity_name ~ '__records': records, 'int_' ~ entity_name ~ '__keyed_records': keyed}) -}}
{% endmacro %}
