{#
    The materialization of the models of an entity with `incremental: true`. The SQL of the model gives the rows that are new or
    differ. They replace the rows with the same `unique_key`; a hook before the model deletes the rows of what is gone. If the
    SQL says that it gives every row (see _every_row), or its columns are others than those of the table, the table is made anew.
    All of it is one transaction: a build that is killed leaves the table as it was.
#}
{% materialization dedup_incremental, adapter='duckdb', supported_languages=['sql'] %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set changes = make_temp_relation(target_relation) -%}
    {%- set key = config.require('unique_key') -%}
    {%- set every_row = dbt_dedup._every_row() in sql -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if every_row or existing is none -%}
        {%- set intermediate = make_intermediate_relation(target_relation) -%}
        {{ drop_relation_if_exists(load_cached_relation(intermediate)) }}
        {% call statement('main') -%}
            {{ create_table_as(False, intermediate, sql) }}
        {%- endcall %}
        {{ drop_relation_if_exists(existing) }}
        {{ adapter.rename_relation(intermediate, target_relation) }}
    {%- else -%}
        {% call statement('changes') -%}
            {{ create_table_as(True, changes, sql) }}
        {%- endcall %}
        {%- set columns = adapter.get_columns_in_relation(changes) -%}
        {%- set described, known = [], [] -%}
        {%- for column in columns -%}{%- do described.append(column.name ~ ' ' ~ column.data_type) -%}{%- endfor -%}
        {%- for column in adapter.get_columns_in_relation(existing) -%}
            {%- do known.append(column.name ~ ' ' ~ column.data_type) -%}
        {%- endfor -%}
        {%- if described | sort != known | sort -%}
            {%- set keys = [key] if key is string else key -%}
            {%- set kept = run_query(
                'select count(*) from (select ' ~ keys | join(', ') ~ ' from ' ~ existing ~ ' except select ' ~ keys | join(', ')
                ~ ' from ' ~ changes ~ ') as kept'
            ).rows[0][0] -%}
            {%- if kept > 0 -%}
                {{- exceptions.raise_compiler_error(
                    'dbt_dedup: ' ~ this ~ ' has the columns ' ~ known | join(', ') ~ ', but now needs ' ~ described | join(', ')
                    ~ '. Run `dbt build --full-refresh --select ' ~ model.name ~ '+`.'
                ) -}}
            {%- endif -%}
            {%- do adapter.drop_relation(existing) -%}
            {% call statement('main') -%}
                {{ create_table_as(False, target_relation, 'select * from ' ~ changes) }}
            {%- endcall %}
        {%- else -%}
            {% call statement('main') -%}
                {{ get_delete_insert_merge_sql(target_relation, changes, key, columns, none) }}
            {%- endcall %}
        {%- endif -%}
        {% call statement('done') -%}
            drop table {{ changes }}
        {%- endcall %}
    {%- endif -%}

    {%- do apply_grants(target_relation, config.get('grants'), should_revoke=should_revoke(existing, full_refresh_mode=every_row)) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{- return({'relations': [target_relation]}) -}}
{% endmaterialization %}

{% materialization dedup_incremental, default, supported_languages=['sql'] %}
    {{- dbt_dedup.unsupported('dedup_incremental') -}}
{% endmaterialization %}
