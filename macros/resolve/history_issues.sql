{#
    <entity>_history_issues, one row per run and finding that makes the history of the entities doubtful. `issue` is
    `reused_record_id` (none of the values of a record is as in the last build), `changed_record_ids` (nearly all records of a
    source are others than in the last build) or `clock_went_back` (the run began before the last event). The table only grows,
    also with --full-refresh. With `incremental: true` only records are compared that are new or differ from the last build.
#}
{% macro history_issues(entity_name) %}
{%- do config(materialized='incremental', incremental_strategy='append', full_refresh=false) -%}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type, constants = dbt_dedup.text_type(), dbt_dedup.method_constants() -%}
{%- set started_at = "cast('" ~ run_started_at.strftime('%Y-%m-%d %H:%M:%S') ~ "' as timestamp)" -%}
{%- set known_columns = {'record_id': text_type, 'source': text_type, 'hashed_by': text_type} -%}
{%- for field in spec.fields -%}{%- do known_columns.update({field.name ~ '__hash': 'ubigint'}) -%}{%- endfor -%}
{%- if spec.incremental -%}{%- do known_columns.update({'row_hash': 'ubigint'}) -%}{%- endif -%}
{%- set known = 'differing' if spec.incremental else 'known' -%}
{#- no ref: the memory is made anew behind this model -#}
{%- set memory = load_relation(this.incorporate(path={'identifier': 'int_' ~ entity_name ~ '__record_memory'})) if execute else none -%}
with

{% if not spec.incremental -%}
records as (
    {{ dbt_dedup._hashed_records(entity_name) | indent(4) }}
),

{% endif -%}
remembered as (
    {%- if memory %}
    {{ dbt_dedup.with_optional_columns(memory, known_columns) | indent(4) }}
    {%- elif spec.incremental %}
    {{ dbt_dedup._hashed_records(entity_name, carry=['row_hash']) | indent(4) }}
    where false
    {%- else %}
    select * from records
    where false
    {%- endif %}
),

known as (
    select * from remembered
    where hashed_by = {{ dbt_dedup.engine_version() }}
),
{%- if spec.incremental %}

{{ dbt_dedup._records_not_remembered(entity_name) }}
{%- endif %}

history as (
    select * from {{ ref(entity_name ~ '_entity_history') }}
    where run_id <> '{{ invocation_id }}'
),

compared as (
    select
        {{ known }}.record_id,
        {{ known }}.source,
        records.record_id is null as is_gone,
        {%- for field in spec.fields %}
        case when records.{{ field.name }}__hash = {{ known }}.{{ field.name }}__hash then 1 else 0 end
        {{- ' + ' if not loop.last else ' as equal_values,' }}
        {%- endfor %}
        {%- for field in spec.fields %}
        case when records.{{ field.name }}__hash is not null and {{ known }}.{{ field.name }}__hash is not null then 1 else 0 end
        {{- ' + ' if not loop.last else ' as compared_values' }}
        {%- endfor %}
    from {{ known }}
    left join records on {{ known }}.record_id = records.record_id
),

judged as (
    select
        *,
        -- one value may be a correction
        compared_values > 1 and equal_values = 0 as is_reused
    from compared
),

arrived as (
    select
        records.source,
        count(*) as records
    from records
    left join known on records.record_id = known.record_id
    where known.record_id is null
    group by records.source
),

sources as (
    {%- if spec.incremental %}
    select
        known.source,
        count(*) as records,
        sum(case when judged.is_gone then 1 else 0 end) as gone,
        sum(case when judged.is_reused then 1 else 0 end) as reused
    from known
    left join judged on known.record_id = judged.record_id
    group by known.source
    {%- else %}
    select
        source,
        count(*) as records,
        sum(case when is_gone then 1 else 0 end) as gone,
        sum(case when is_reused then 1 else 0 end) as reused
    from judged
    group by source
    {%- endif %}
),

changed_sources as (
    select
        sources.source,
        sources.records,
        sources.gone,
        sources.reused,
        coalesce(arrived.records, 0) as arrived
    from sources
    left join arrived on coalesce(sources.source, '') = coalesce(arrived.source, '')
    where
        sources.records >= {{ constants.population_records }}
        and sources.gone + sources.reused >= {{ constants.population_share }} * sources.records
        and coalesce(arrived.records, 0) + sources.reused >= {{ constants.population_share }} * sources.records
),

last_event as (
    select max(changed_at) as changed_at from history
),

found as (
    select
        'reused_record_id' as issue,
        judged.source,
        judged.record_id,
        cast(1 as bigint) as records,
        'none of ' || judged.compared_values || ' values is as in the last build: if the id means something else now, labels and'
            || ' overrides of the record are wrong' as detail
    from judged
    left join changed_sources on coalesce(judged.source, '') = coalesce(changed_sources.source, '')
    where judged.is_reused and changed_sources.records is null

    union all

    select
        'changed_record_ids' as issue,
        source,
        cast(null as {{ text_type }}) as record_id,
        cast(records as bigint) as records,
        'of ' || records || ' records ' || gone || ' are gone and ' || reused || ' say something else, and ' || arrived
            || ' are new: if the source numbered its records anew, their entities have new ids' as detail
    from changed_sources

    union all

    select
        'clock_went_back' as issue,
        cast(null as {{ text_type }}) as source,
        cast(null as {{ text_type }}) as record_id,
        cast(null as bigint) as records,
        'this run began at ' || cast({{ started_at }} as {{ text_type }}) || ', before the last event of '
            || cast(changed_at as {{ text_type }}) || ': event_number has the order, changed_at has not' as detail
    from last_event
    where changed_at > {{ started_at }}
),

final as (
    select
        *,
        '{{ invocation_id }}' as run_id,
        {{ started_at }} as found_at
    from found
    {%- if flags.EMPTY %}
    where 1 = 0  -- dbt build --empty: no record left
    {%- endif %}
)

select * from final
{% endmacro %}
