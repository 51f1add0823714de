// The names of permissions that `authorize` knows; any other is dropped: docs/contracts/windmill.md.

export const PERMISSIONS: ReadonlySet<string> = new Set(
  `
admin-user tenant-create tenant-read tenant-write election-event-create election-event-read election-event-write
election-event-delete election-event-archive voter-create voter-read voter-write user-create user-read user-write
user-permission-create user-permission-read user-permission-write role-create role-read role-write role-assign
communication-template-create communication-template-read communication-template-write notification-read
notification-write notification-send area-read area-write election-state-write election-type-create election-type-read
election-type-write voting-channel-read voting-channel-write trustee-create trustee-read trustee-write tally-read
trustee-ceremony tally-start tally-write tally-results-read publish-read publish-write logs-read tasks-read keys-read
document-upload document-download admin-ceremony admin-dashboard-view monitoring-dashboard-view-election-event
monitoring-dashboard-view-election tally-sheet-view tally-sheet-create tally-sheet-publish tally-sheet-delete
cast-vote-read document-read document-write support-material-read support-material-write miru-create miru-download
miru-send miru-sign service-account datafix-account contest-write contest-read contest-create contest-delete
candidate-write candidate-read candidate-create candidate-delete permission-label-write scheduled-event-write
report-write report-read cloudflare-write gold silver election-create election-read election-write election-delete
election-event-data-tab election-event-voters-tab election-event-areas-tab election-event-keys-tab
election-event-tally-tab election-event-publish-tab election-event-tasks-tab election-event-logs-tab
election-event-scheduled-tab election-event-reports-tab election-data-tab election-voters-tab election-publish-tab
users-menu settings-menu templates-menu settings-election-types-tab settings-voting-channels-tab
settings-templates-tab settings-languages-tab settings-localization-tab settings-look-feel-tab settings-trustees-tab
settings-countries-tab application-read application-write ee-voters-columns ee-voters-filters ee-voters-logs
voter-import voter-export voter-delete voter-manually-verify voter-change-password
election-event-localization-selector localization-create localization-read localization-write localization-delete
area-create area-delete area-export area-import area-upsert election-event-areas-columns election-event-areas-filters
election-event-tasks-back-button election-event-tasks-columns election-event-tasks-filters task-export logs-export
election-event-logs-columns election-events-logs-filters election-event-scheduled-event-columns scheduled-event-create
scheduled-event-delete election-event-reports-columns report-create report-delete report-generate report-preview
transmission-report-generate monitor-authenticated-voters monitor-all-approve-disapprove-voters
monitor-automatic-approve-disapprove-voters monitor-manually-approve-disapprove-voters
monitor-enrolled-overseas-voters monitor-posts-already-closed-voting monitor-posts-already-generated-election-results
monitor-posts-already-opened-voting monitor-posts-already-started-counting-votes monitor-posts-initialized-the-system
monitor-posts-started-voting monitor-posts-transmitted-results monitor-voters-voted-test-election application-export
application-import monitor-voters-who-voted election-event-publish-preview election-event-publish-back-button
election-event-publish-columns election-event-publish-filters publish-create publish-regenerate publish-export
publish-start-voting publish-pause-voting publish-stop-voting publish-changes election-event-publish-view
election-event-keys-columns create-ceremony export-ceremony trustees-export election-event-tally-columns
election-event-tally-back-button transmition-ceremony admin-ip-address-view election-ip-address-view
election-dashboard-tab user-import voter-voted-edit voter-email-tlf-edit google-meet-link
`
    .trim()
    .split(/\s+/),
);
