// Words of `<cloche-take-over>`.

export const takeOver = {
  'takeOver.title': 'Von einem Windshift-Server übernehmen…',
  'takeOver.folder': 'Sein Ordner mit Plugins',
  'takeOver.export': 'Was sie gespeichert haben, falls vorhanden (JSON)',
  'takeOver.hint': 'Sie sehen bei jedem, worum es bittet, bevor etwas davon läuft. Danach kommen seine Daten.',
  'takeOver.found': 'Plugins des Servers',
  'takeOver.none': 'In diesem Ordner ist kein Plugin: Kein Ordner darin hat ein Manifest.',
  'takeOver.take': 'Übernehmen',
  'takeOver.takeName': '{name} übernehmen',
  'takeOver.takeData': 'Seine Daten übernehmen',
  'takeOver.takeDataName': 'Daten von {name} übernehmen',
  'takeOver.keys': {
    one: 'Ein Wert, den es gespeichert hat, kommt mit.',
    other: '{n} Werte, die es gespeichert hat, kommen mit.',
  },
  'takeOver.updates': 'Es ist hier installiert und wird aktualisiert.',
  'takeOver.replaces':
    'Es ist hier installiert und wird aktualisiert. Was es hier gespeichert hat, wird durch das vom Server ersetzt.',
  'takeOver.done': 'Übernommen',
  'takeOver.doneData': 'Mit seinen Daten übernommen',
  'takeOver.faulty': 'Der Inhalt des Ordners {folder} kann nicht übernommen werden.',
  'takeOver.exported': {
    one: 'Der Export enthält Daten eines Plugins.',
    other: 'Der Export enthält Daten von {n} Plugins.',
  },
  'takeOver.others': 'Er enthält auch Daten von Plugins, die nicht im Ordner sind. Sie bleiben, wo sie sind: {names}',
} as const;
