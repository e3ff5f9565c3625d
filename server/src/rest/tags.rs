//! `/v1/tags`: tags and the groups they stand in (contract, REST 6). They are never shared.

mod groups;
mod items;

// Each handler with the description that its route is made from.
pub use groups::{
    __path_create_group, __path_delete_group, __path_list_groups, __path_one_group, __path_patch_group, create_group,
    delete_group, list_groups, one_group, patch_group,
};
pub use items::{
    __path_create, __path_delete, __path_list, __path_one, __path_patch, create, delete, list, one, patch,
};
