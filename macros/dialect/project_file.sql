{#
    The path of a file that lies in the folder of the project, wherever dbt is started: a relative path would be one below the
    working directory. An absolute path stays as it is.
#}
{% macro project_file(path) -%}
    {%- set folder = (invocation_args_dict or {}).get('project_dir') if invocation_args_dict is defined else none -%}
    {{- return(path if not folder or path.startswith('/') or path[1:2] == ':' else (folder | string).replace('\\', '/') ~ '/' ~ path) -}}
{%- endmacro %}
