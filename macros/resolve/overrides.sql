{#
    int_<entity>__overrides, one row per row of the override log that the spec names: what it says, which records it means, whether
    it is in force, and what is wrong with it. An override is in force until an `undo` names it. One that cannot be applied is
    not in force; one that lacks a usable id or time is.
#}
{% macro overrides(entity_name) %}
{%- set spec = dbt_dedup.entity(entity_name) -%}
{%- set text_type = dbt_dedup.text_type() -%}
{%- set columns = [
    'override_id', 'action', 'record_id_l', 'record_id_r', 'field', 'value', 'undoes', 'decided_by', 'decided_at', 'reason',
] -%}
{%- set types = {} -%}
{%- for column in columns -%}{%- do types.update({column: text_type}) -%}{%- endfor -%}
with

records as (
    select
        record_id,
        record_key
    from {{ ref('int_' ~ entity_name ~ '__keyed_records') }}
),

override_log as (
    {%- if spec.overrides %}
    {{ dbt_dedup.with_optional_columns(ref(spec.overrides), types) | indent(4) }}
    {%- else %}
    select
        {%- for column in columns %}
        cast(null as {{ text_type }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where false
    {%- endif %}
),

typed as (
    select
        {%- for column in columns %}
        nullif(cast({{ column }} as {{ text_type }}), '') as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from override_log
),

ids as (
    select
        override_id,
        count(*) as override_rows,
        max(case when action = 'undo' then 1 else 0 end) as is_undo
    from typed
    where override_id is not null
    group by override_id
),

undone as (
    select
        undoes,
        min(coalesce(override_id, 'a row without override_id')) as undone_by
    from typed
    where action = 'undo'
    group by undoes
),

named as (
    select
        typed.*,
        {{ dbt_dedup.parse_timestamp('typed.decided_at') | indent(8) }} as moment,
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        ids.override_rows,
        undone.undone_by,
        undone_ids.is_undo as undoes_an_undo
    from typed
    left join records as l on typed.record_id_l = l.record_id
    left join records as r on typed.record_id_r = r.record_id
    left join ids on typed.override_id = ids.override_id
    left join undone on typed.override_id = undone.undoes
    left join ids as undone_ids on typed.undoes = undone_ids.override_id
),

checked as (
    select
        *,
        case
            when action is null or action not in ('must_link', 'cannot_link', 'pin', 'undo') then 'unknown_action'
            when action = 'undo' and undoes_an_undo is null then 'unknown_override'
            when action = 'undo' and undoes_an_undo = 1 then 'undone_undo'
            when undone_by is not null or action = 'undo' then null
            when record_key_l is null or (action <> 'pin' and record_key_r is null) then 'unknown_record'
            when action <> 'pin' and record_key_l = record_key_r then 'same_record'
            when
                action = 'pin'
                and coalesce(
                    field not in (
                        {%- for field in spec.fields %}
                        '{{ field.name }}'{{ ',' if not loop.last }}
                        {%- endfor %}
                    ),
                    true
                )
                then 'unknown_field'
            when action = 'pin' and value is null then 'no_value'
            {%- for field in spec.fields %}
            {%- set pinned = dbt_dedup._pinned_value(field, 'value') %}
            {%- if pinned != 'value' %}
            when
                action = 'pin'
                and field = '{{ field.name }}'
                and {{ pinned }} is null
                then 'unreadable_value'
            {%- endif %}
            {%- endfor %}
        end as problem,
        case
            when override_id is null then 'no_override_id'
            when override_rows > 1 then 'repeated_override_id'
            when moment is null then 'unreadable_time'
        end as flaw
    from named
),

final as (
    select
        override_id,
        action,
        record_id_l,
        record_id_r,
        record_key_l,
        record_key_r,
        field,
        value,
        undoes,
        decided_by,
        moment as decided_at,
        reason,
        undone_by,
        coalesce(action <> 'undo' and undone_by is null and problem is null, false) as is_in_force,
        coalesce(problem, flaw) as problem
    from checked
)

select * from final
{% endmacro %}
