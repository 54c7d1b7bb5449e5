{#
    The columns that the fields of an entity and `incremental: true` give to its relations, each with name, description and data
    type: {relation: [columns]}. The YAML of an entity is written from them, so that every column is described.
#}
{% macro field_columns(entity_name) %}
    {%- set spec = dbt_dedup.entity(entity_name) -%}
    {%- set text = dbt_dedup.text_type() -%}
    {%- set records, keyed = [], [] -%}
    {%- set whole = dbt_dedup._whole_text(spec.fields) -%}
    {%- set about_value = {'remark': "{{ doc('remark') }}", 'proposed': "{{ doc('proposed_value') }}"} -%}
    {%- if spec.updated_at -%}
        {%- do records.extend([
            {'name': 'updated_at__original', 'data_type': text, 'description': "{{ doc('original_value') }}"},
            {'name': 'updated_at__problem', 'data_type': text, 'description': "{{ doc('problem') }}"},
        ]) -%}
    {%- endif -%}
    {%- for field in spec.fields + ([whole] if whole else []) -%}
        {%- set f = field.name -%}
        {%- set is_whole = whole and f == whole.name -%}
        {%- set prepared = dbt_dedup._prepared_whole_text(whole) if is_whole else dbt_dedup.prepare_field(field) -%}
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
            ]) -%}
            {%- for suffix in dbt_dedup._remark_columns(field, prepared) -%}
                {%- do records.append({'name': f ~ '__' ~ suffix, 'data_type': text, 'description': about_value[suffix]}) -%}
            {%- endfor -%}
            {%- do records.append(
                {'name': f, 'data_type': prepared.data_type, 'description': 'Standardized value of type ' ~ field.type ~ '.'}
            ) -%}
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
        {%- for key in prepared.record_lists -%}
            {%- do keyed.append({'name': f ~ '__' ~ key, 'description': described.get(key, 'Read from the record by the type.')}) -%}
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
    {%- set features, weights, reviewed, golden, sources = [], [], [], [], [] -%}
    {%- for feature in spec.features -%}
        {%- do features.append({'name': feature.name, 'data_type': 'double', 'description': feature.description[0] | upper ~ feature.description[1:] ~ '.'}) -%}
    {%- endfor -%}
    {%- for name in spec.features | map(attribute='field') | unique -%}
        {%- do weights.append({
            'name': 'weight_' ~ name, 'data_type': 'float',
            'description': 'What the features of ' ~ name ~ ' contribute to match_weight, in log2 odds.'
        }) -%}
    {%- endfor -%}
    {%- for field in spec.fields -%}
        {%- for side, record in [('l', 'left'), ('r', 'right')] -%}
            {%- do reviewed.append({
                'name': field.name ~ '_' ~ side, 'data_type': text,
                'description': field.name ~ ' of the ' ~ record ~ ' record, as it was written in the input.'
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for choice in dbt_dedup._survivorship(spec) -%}
        {%- set together = ' ' ~ (choice.fields | map(attribute='name') | join(', ')) ~ ' belong together.'
            if choice.fields | length > 1 else '' -%}
        {%- for field in choice.fields -%}
            {%- set prepared = dbt_dedup.prepare_field(field) -%}
            {%- do golden.append({
                'name': field.name, 'data_type': prepared.data_type if prepared.shown == field.name else text,
                'description': 'Golden value of ' ~ field.name ~ ', chosen by the rule ' ~ choice.rule ~ '; null where no record has a usable value.' ~ together
            }) -%}
            {%- do sources.append({
                'name': field.name ~ '__record_id', 'data_type': text,
                'description': 'record_id of the record that ' ~ field.name ~ ' comes from; null where there is no value.'
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set hashes = [] -%}
    {%- for field in spec.fields -%}
        {%- do hashes.append({
            'name': field.name ~ '__hash', 'data_type': 'ubigint',
            'description': 'Hash of ' ~ field.name ~ ' as it was written, without case; null where it is empty.'
        }) -%}
    {%- endfor -%}
    {%- set interim = 'int_' ~ entity_name ~ '__' -%}
    {%- set of_rows, of_contents, of_counts, of_features, of_scores = dbt_dedup._columns_of_incremental(spec) -%}
    {{- return({
        'stg_' ~ entity_name ~ '__records': records + of_rows,
        interim ~ 'keyed_records': keyed + of_contents + of_rows,
        interim ~ 'value_counts': of_counts,
        interim ~ 'token_counts': of_counts,
        interim ~ 'record_memory': hashes + of_rows,
        interim ~ 'pair_features': features + of_features,
        interim ~ 'label_features': features,
        interim ~ 'random_pair_features': features,
        interim ~ 'unlabelled_features': features,
        interim ~ 'parity': features,
        interim ~ 'parity_features': features,
        interim ~ 'pair_scores': weights,
        interim ~ 'pair_scores_python': weights + of_scores,
        interim ~ 'closure_features': features,
        interim ~ 'closure_scores': weights,
        interim ~ 'closure_scores_python': weights,
        interim ~ 'golden_values': golden + sources + of_rows,
        entity_name: golden,
        entity_name ~ '_matches': of_rows[:1],
        entity_name ~ '_review_queue': reviewed,
    }) -}}
{% endmacro %}
