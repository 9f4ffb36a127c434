# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx's configuration of the documentation site, see tools/docs.py."""

import os
import pathlib

project = "community.konnect"
copyright = "community.konnect contributors"
html_title = "community.konnect"
version = release = os.environ.get("KONNECT_DOCS_VERSION", "")

extensions = ["sphinx.ext.intersphinx", "myst_parser", "sphinx_antsibull_ext", "sphinx_copybutton"]
default_role = "any"
highlight_language = "YAML+Jinja"

# Every reference has to lead somewhere, but for those to Ansible's own documentation.
nitpicky = True
nitpick_ignore = [("std:ref", "common_return_values"), ("std:ref", "ansible_configuration_settings")]
nitpick_ignore_regex = [("std:ref", r"ansible_collections\.ansible\.builtin\.\w+"), ("std:envvar", r"ANSIBLE_\w+")]

# Other sites' inventories are fetched only when asked, so that the site is built without a network.
ONLINE = bool(os.environ.get("KONNECT_DOCS_ONLINE"))
intersphinx_mapping = {"ansible": ("https://docs.ansible.com/ansible/latest/", None)} if ONLINE else {}

html_theme = "furo"
html_static_path = [str(pathlib.Path(__file__).parent / "static")]
html_css_files = ["konnect.css"]
html_copy_source = False
html_show_sphinx = False
html_use_index = False
# The colours of the tables of options, for light and dark, are in konnect.css.
antsibull_ext_color_scheme = "none"
pygments_style = "default"
pygments_dark_style = "github-dark"
html_theme_options = {
    "source_repository": "https://github.com/ansible-collections/community.konnect/",
    "source_branch": "main",
}
