{#
    The materialization of int_<entity>__pair_scores_python. With `incremental: true` scores that are old are deleted first (see
    _delete_old_scores), and the model gives the pairs that are to be scored, with row_hash and scored_by, a digest of what scores
    them; they are added to the table. Where the model gives other columns than the table has, or another scored_by, it has scored
    every pair, and the table is made anew. So it always is without `incremental: true`, and then it has neither of these columns.
    The model is written by a connection of its own, to a table that then takes the place of the old one or is added to it in one
    transaction: after a build that is killed, pairs lack or have a score, and none has a wrong one.
#}
{% materialization dedup_pair_scores, adapter='duckdb', supported_languages=['python'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set scored = make_intermediate_relation(target_relation) -%}
    {{ drop_relation_if_exists(load_cached_relation(scored)) }}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- set known = [] -%}
    {%- if existing and existing.type == 'table' -%}
        {%- for column in adapter.get_columns_in_relation(existing) -%}
            {%- do known.append(column.name ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- for id in model.depends_on.nodes if id.endswith('__pair_features') -%}
            {%- set node = graph.nodes[id] -%}
            {%- set features = api.Relation.create(node.database, node.schema, node.alias) -%}
            {%- if 'is_scored' in adapter.get_columns_in_relation(features) | map(attribute='name')
                and 'scored_by' in adapter.get_columns_in_relation(existing) | map(attribute='name') -%}
                {%- do run_query(dbt_dedup._delete_old_scores(existing, features)) -%}
            {%- endif -%}
        {%- endfor -%}
        {#- what the model's own connection writes is not seen by a transaction that began before -#}
        {%- do adapter.commit() -%}
    {%- endif %}
    {% call statement('main', language='python') -%}
        {{ create_table_as(False, scored, compiled_code, 'python') }}
    {%- endcall %}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set columns = adapter.get_columns_in_relation(scored) -%}
    {%- set described = [] -%}
    {%- for column in columns -%}{%- do described.append(column.name ~ ' ' ~ column.data_type) -%}{%- endfor -%}
    {%- set is_kept = described | sort == known | sort and 'scored_by' in columns | map(attribute='name') | list
        and run_query(
            'select count(distinct scored_by) from (select scored_by from ' ~ existing ~ ' union all select scored_by from '
            ~ scored ~ ') as makers'
        ).rows[0][0] <= 1 -%}
    {%- if is_kept -%}
        {% call statement('added') -%}
            {{ get_delete_insert_merge_sql(target_relation, scored, ['record_key_l', 'record_key_r'], columns, none) }}
        {%- endcall %}
        {%- do adapter.drop_relation(scored) -%}
    {%- else -%}
        {{ drop_relation_if_exists(existing) }}
        {{ adapter.rename_relation(scored, target_relation) }}
    {%- endif -%}

    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=not is_kept)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{- return({'relations': [target_relation]}) -}}
{% endmaterialization %}

{% materialization dedup_pair_scores, default, supported_languages=['python'] %}
    {{- dbt_dedup.unsupported('dedup_pair_scores') -}}
{% endmaterialization %}
