{#
    The columns that `incremental: true` adds, in the form of field_columns: five lists, of rows that are kept, of keyed records
    besides, of counts, of the features and of the scores of candidate pairs. All are empty without it.
#}
{% macro _columns_of_incremental(spec) %}
    {%- set text = dbt_dedup.text_type() -%}
    {%- set rows = [
        {
            'name': 'row_hash', 'data_type': 'ubigint',
            'description': 'Hash of what the row was made from; null if the next build has to make it again.',
        },
        {
            'name': 'definition', 'data_type': text,
            'description': 'Digest of how it was made: SQL, reference lists, counts and engine. It is the same in all rows.',
        },
    ] -%}
    {%- set contents = [{
        'name': 'content_hash', 'data_type': 'ubigint',
        'description': 'Hash of all values: equal where records are equal in every field, null where all are null.',
    }] -%}
    {%- set counts = [
        {
            'name': 'population', 'data_type': 'bigint',
            'description': 'Records that were there, or had a value in the field, when values or words were counted.',
        },
        {
            'name': 'is_counted', 'data_type': 'boolean',
            'description': 'Whether it was there when records were counted; what came up since is as rare as in one record.',
        },
        {
            'name': 'counted_by', 'data_type': text,
            'description': 'The count that the row is of: the runs of dbt that counted. It is the same in all rows.',
        },
    ] -%}
    {%- set of_pair = {
        'name': 'row_hash', 'data_type': 'ubigint',
        'description': 'Hash of both records and how they are compared; null if the next build has to score the pair again.',
    } -%}
    {%- set features = [of_pair, {
        'name': 'is_scored', 'data_type': 'boolean',
        'description': 'Whether the Python model has given the score of just that; it then keeps it.',
    }] -%}
    {%- set scores = [of_pair, {
        'name': 'scored_by', 'data_type': text,
        'description': 'Digest of what scored it: model, floor and version of dbt_dedup. It is the same in all rows.',
    }] -%}
    {%- set in_python = spec.scoring == 'python' -%}
    {{- return([rows, contents, counts, features if in_python else [], scores if in_python else []]
        if spec.incremental else [[], [], [], [], []]) -}}
{% endmacro %}
