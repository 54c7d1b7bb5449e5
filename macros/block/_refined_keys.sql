{#
    CTEs that end with refined_keys: keys that divide the blocks above max_block_size, with the columns of rule_keys, `refines`,
    the key of the block, and records_in_block. Only records that meet no other in a smaller block of the rule are divided, so a
    rule on words still leaves common words out. They meet in two ways:
    - Sub-blocks of records that agree in a field besides. The smallest come first, until the sub-blocks of a block propose so
      many pairs per record as method_constants says.
    - A sorted neighborhood inside the block, in the order of the fields: each pair is a key of its own.
#}
{% macro _refined_keys(spec) -%}
{%- set names = spec.fields | map(attribute='name') | list -%}
{%- set source = spec.source_mode != 'both' -%}
{%- set constants = dbt_dedup.method_constants() -%}
rule_block_sizes as (
    select
        rule_id,
        key_hash,
        count(*) as records
    from rule_keys
    group by rule_id, key_hash
    having count(*) > 1
),

large_block_keys as (
    select rule_keys.*
    from rule_keys
    inner join rule_block_sizes as sizes on rule_keys.rule_id = sizes.rule_id and rule_keys.key_hash = sizes.key_hash
    where sizes.records > {{ spec.max_block_size }}
),

large_block_records as (
    select distinct
        rule_id,
        record_key
    from large_block_keys
),

met_records as (
    select distinct
        rule_keys.rule_id,
        rule_keys.record_key
    from rule_keys
    inner join large_block_records as members
        on rule_keys.rule_id = members.rule_id
        and rule_keys.record_key = members.record_key
    inner join rule_block_sizes as sizes on rule_keys.rule_id = sizes.rule_id and rule_keys.key_hash = sizes.key_hash
    where sizes.records <= {{ spec.max_block_size }}
),

crowded as (
    select
        large_block_keys.rule_id,
        large_block_keys.key_hash as refines,
        large_block_keys.record_key
    from large_block_keys
    left join met_records
        on large_block_keys.rule_id = met_records.rule_id
        and large_block_keys.record_key = met_records.record_key
    where met_records.record_key is null
),

crowded_records as (
    select
        crowded.rule_id,
        crowded.refines,
        records.record_key,
        {#- numbered, because a field may be called as one of the other columns -#}
        {%- for name in names %}
        records.{{ name }} as field__{{ loop.index }},
        {%- endfor %}
        count(*) over (partition by crowded.rule_id, crowded.refines) as records_in_block,
        row_number() over (
            partition by crowded.rule_id, crowded.refines
            order by
                {%- for name in names %}
                records.{{ name }} asc,
                {%- endfor %}
                records.record_key asc
        ) as place
    from crowded
    inner join records on crowded.record_key = records.record_key
),

sub_keys as (
    {%- for name in names %}
    select
        rule_id,
        refines,
        {{ dbt_dedup.hash_values(['refines', loop.index, 'cast(field__' ~ loop.index ~ ' as ' ~ dbt_dedup.text_type() ~ ')']) }} as key_hash,
        record_key,
        records_in_block,
        {{ loop.index }} as field_number
    from crowded_records
    where field__{{ loop.index }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

sub_blocks as (
    select
        rule_id,
        refines,
        key_hash,
        field_number,
        count(*) as records,
        min(records_in_block) as records_in_block,
        min(record_key) as first_record_key
    from sub_keys
    group by rule_id, refines, key_hash, field_number
    having count(*) between 2 and {{ spec.max_block_size }}
),

chosen_sub_blocks as (
    select
        *,
        sum(records * (records - 1) / 2) over (
            partition by rule_id, refines
            order by records asc, field_number asc, first_record_key asc
            rows between unbounded preceding and current row
        ) as pairs_so_far
    from sub_blocks
),

steps as (
    select
        rule_id,
        refines,
        record_key,
        place,
        {{ dbt_dedup.explode(dbt_dedup.whole_numbers(constants.refined_window - 1)) }} as step
    from crowded_records
),

near as (
    select
        l.rule_id,
        l.refines,
        least(l.record_key, r.record_key) as record_key_l,
        greatest(l.record_key, r.record_key) as record_key_r
    from steps as l
    inner join crowded_records as r
        on l.rule_id = r.rule_id
        and l.refines = r.refines
        and l.place + l.step = r.place
),

divided as (
    select
        sub_keys.rule_id,
        sub_keys.key_hash,
        sub_keys.record_key,
        sub_keys.refines,
        chosen.records
    from sub_keys
    inner join chosen_sub_blocks as chosen
        on sub_keys.rule_id = chosen.rule_id
        and sub_keys.refines = chosen.refines
        and sub_keys.key_hash = chosen.key_hash
    where chosen.pairs_so_far <= {{ constants.refined_pairs }} * chosen.records_in_block
    {%- for side in ['l', 'r'] %}
    union all
    select
        rule_id,
        {{ dbt_dedup.hash_values(['refines', 'record_key_l', 'record_key_r']) }} as key_hash,
        record_key_{{ side }} as record_key,
        refines,
        2 as records
    from near
    {%- endfor %}
),

refined_keys as (
    select
        divided.rule_id,
        divided.key_hash,
        divided.record_key,
        {%- if source %}
        records.source,
        {%- endif %}
        divided.refines,
        cast(divided.records as integer) as records_in_block
    from divided
    {%- if source %}
    inner join records on divided.record_key = records.record_key
    {%- endif %}
)
{%- endmacro %}
