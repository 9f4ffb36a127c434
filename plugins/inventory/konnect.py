# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: konnect
short_description: Kong Konnect control planes and AI Gateways as hosts
version_added: 1.0.0
author:
  - community.konnect contributors (@ansible-collections)
description:
  - Lists the control planes of one or several Konnect regions and accounts. Each is a host in the group C(konnect).
  - With O(ai_gateways=true), AI Gateways too, in the group C(konnect_ai_gateways), over which
    C(community.konnect.ai_gateway) runs.
  - Plays over them run on the controller (C(ansible_connection=local)). The playbooks of this collection manage the
    control plane of each host when C(konnect_hosts) names the hosts, for example C(-e konnect_hosts=konnect).
  - The name of a host is that of its control plane. Where several control planes have the same name, it is
    C(NAME.REGION), and where even these are equal, C(NAME.REGION.ID). Characters that have a meaning in host patterns
    become underscores, and C(konnect_control_plane_name) has the name as it is.
  - No access token is in the inventory or in its cache. A host has the name of the environment variable with it.
  - When one of the sources cannot be read, no host of this inventory is listed.
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
requirements:
  - requests >= 2.28 for the Python that runs Ansible
options:
  plugin:
    description: V(community.konnect.konnect), for a file whose name ends with C(konnect.yml) or C(konnect.yaml).
    type: str
    required: true
    choices: [community.konnect.konnect]
  sources:
    description:
      - The Konnect regions and accounts.
      - When left out, the one that E(KONNECT_TOKEN), and E(KONNECT_SERVER_URL) or E(KONNECT_REGION), give.
    type: list
    elements: dict
    suboptions:
      konnect_region:
        description:
          - The Konnect region.
          - When neither this nor O(sources[].konnect_url) is given, the environment variables E(KONNECT_SERVER_URL) and
            then E(KONNECT_REGION) are used.
        type: str
        choices: [us, eu, au, me, in, sg]
      konnect_url:
        description: The base URL of Konnect's API, without C(/v2), for a custom domain or a proxy of your own.
        type: str
      konnect_token_env:
        description:
          - The name of the environment variable with the access token. Playbooks read the token from the same variable,
            so it must be set where they run, too.
        type: str
        default: KONNECT_TOKEN
      proxy_urls:
        description:
          - The URLs at which data planes accept requests, by the name or the id of their control plane or AI Gateway.
          - For one that is not here, the first of the proxy URLs that it has in Konnect is taken.
        type: dict
        default: {}
      workspace:
        description:
          - The name of the workspace in which the playbooks work, in each control plane of the source. It becomes a
            part of the names of the hosts.
          - For several workspaces of the same control planes, give several sources.
        type: str
  filters:
    description: Which control planes and AI Gateways become hosts. All of these must fit.
    type: dict
    suboptions:
      names:
        description: Patterns of names such as V(orders-*), of which one must fit.
        type: list
        elements: str
      labels:
        description: Labels with their values, all of which it must have.
        type: dict
        default: {}
      cluster_types:
        description: The types of control planes.
        type: list
        elements: str
        choices:
          - CLUSTER_TYPE_CONTROL_PLANE
          - CLUSTER_TYPE_K8S_INGRESS_CONTROLLER
          - CLUSTER_TYPE_CONTROL_PLANE_GROUP
          - CLUSTER_TYPE_SERVERLESS
          - CLUSTER_TYPE_KAFKA_NATIVE_EVENT_PROXY
          - CLUSTER_TYPE_SERVERLESS_V1
  ai_gateways:
    description:
      - Whether to list AI Gateways (beta), too.
      - Where a source has none, because the product is not in its region or account, there is a warning.
    type: bool
    default: false
  count_nodes:
    description:
      - Whether to count the live data plane nodes of each control plane and AI Gateway, as C(konnect_live_nodes). This
        takes at least one request for each.
    type: bool
    default: false
  validate_certs:
    description:
      - Whether to check the server's TLS certificate.
      - When left out, the environment variable E(KONNECT_VALIDATE_CERTS) is used, and without it V(true).
    type: bool
  ca_path:
    description:
      - The path of a CA bundle with which to check the server's certificate.
      - When left out, the environment variable E(KONNECT_CA_PATH) is used.
    type: path
  request_timeout:
    description: How many seconds a connection may take to open, and then the whole response to arrive.
    type: int
    default: 30
  request_retries:
    description: How often to repeat a request that failed in transit.
    type: int
    default: 4
  request_deadline:
    description: How many seconds the requests to one source may take, including repeats and pauses.
    type: int
    default: 300
notes:
  - "The variables of a host are: C(konnect_control_plane), the id; C(konnect_control_plane_name); C(konnect_region), or
    C(konnect_url) where the URL of the source is not that of a region; C(konnect_token_env); C(konnect_workspace),
    where the source has one; C(konnect_labels), a mapping; C(konnect_cluster_type), such as
    C(CLUSTER_TYPE_CONTROL_PLANE); C(konnect_proxy_url), where one is known; and C(ansible_connection). With
    O(count_nodes=true) also C(konnect_live_nodes), which is null where the nodes belong to a control plane group."
  - An AI Gateway has C(konnect_ai_gateway), the id, C(konnect_ai_gateway_name), and C(konnect_ai_gateway_url) where one
    is known, in place of those of a control plane.
  - The cache is not read when the sources, the filters, O(ai_gateways) or O(count_nodes) changed. What was
    created since is not in it.
seealso:
  - module: community.konnect.konnect_control_plane_info
  - module: community.konnect.konnect_ai_gateway_info
"""

EXAMPLES = r"""
# The control planes of one region, with the token in KONNECT_TOKEN.
plugin: community.konnect.konnect
sources:
  - konnect_region: eu
---
# Two accounts and two regions: production with groups such as region_eu and env_production, and its data planes.
plugin: community.konnect.konnect
sources:
  - konnect_region: eu
    konnect_token_env: KONNECT_TOKEN_PRODUCTION
    proxy_urls:
      orders: https://orders.example.com
  - konnect_region: us
    konnect_token_env: KONNECT_TOKEN_PRODUCTION
  - konnect_region: eu
    konnect_token_env: KONNECT_TOKEN_TEST
filters:
  cluster_types: [CLUSTER_TYPE_CONTROL_PLANE]
  labels:
    env: production
count_nodes: true
keyed_groups:
  - key: konnect_region
    prefix: region
  - key: konnect_labels
leading_separator: false
groups:
  without_data_planes: konnect_live_nodes == 0
---
# The server and the token of the environment, read once an hour, with the proxy URL made of the name.
plugin: community.konnect.konnect
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/konnect-inventory
cache_timeout: 3600
filters:
  names: ["orders-*", "payments-*"]
compose:
  konnect_proxy_url: "'https://' ~ konnect_control_plane_name ~ '.example.com'"
"""

import os
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ..module_utils._errors import KonnectError
from ..plugin_utils._inventory.names import host_names
from ..plugin_utils._inventory.options import InventoryOptions, parse_options
from ..plugin_utils._inventory.reading import GROUPS, Variables, group_of, read_hosts
from ..plugin_utils._inventory.templates import without_templates


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Puts the control planes into Ansible's inventory; everything else is in plugin_utils/_inventory."""

    NAME = "community.konnect.konnect"

    def verify_file(self, path: str) -> bool:
        return bool(super().verify_file(path)) and path.endswith(("konnect.yml", "konnect.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        try:
            options = parse_options(self.get_options(), os.environ)
            hosts = self._hosts(options, f"{path} {options.identity}", cache)
        except KonnectError as error:
            raise AnsibleParserError(f"community.konnect.konnect: {error.message}") from None
        for group in {GROUPS["konnect_control_plane"], *map(group_of, hosts)}:
            self.inventory.add_group(group)
        for name, variables in zip(host_names(hosts), hosts, strict=True):
            self._add(name, without_templates(variables))

    def _hosts(self, options: InventoryOptions, identity: str, may_read: bool) -> list[Variables]:
        """The variables of every host, from the cache where it has them.

        :param may_read: whether Ansible lets the cache be read; when not, it is written anew.
        """
        if not self.get_option("cache"):
            return read_hosts(options, self.display.warning)
        key = self.get_cache_key(identity)
        if may_read:
            try:
                return list(self._cache[key])
            except KeyError:
                pass
        hosts = read_hosts(options, self.display.warning)
        self._cache[key] = hosts
        return hosts

    def _compose(self, template: Any, variables: Any, *more: Any, **others: Any) -> Any:
        return without_templates(super()._compose(template, variables, *more, **others))

    def _add(self, name: str, variables: Variables) -> None:
        self.inventory.add_host(name, group=group_of(variables))
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)
