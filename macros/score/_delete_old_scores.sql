{#
    SQL that deletes from `scores` of int_<entity>__pair_scores_python those of pairs that are in `features`, the relation of
    int_<entity>__pair_features, no more or with another row_hash; with a full refresh all of them. What is deleted is scored again
    by this build or, if it is killed, by the next.
#}
{% macro _delete_old_scores(scores, features) -%}
delete from {{ scores }}
{%- if not should_full_refresh() %}
where
    coalesce(
        row_hash not in (
            select row_hash from {{ features }}
            where row_hash is not null
        ),
        true
    )
{%- endif -%}
{%- endmacro %}
