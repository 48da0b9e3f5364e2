/** 日本語 */
import type { Messages } from "./messages.ts";
import { numberText as n } from "./plural.ts";
import { queryErrorsJa } from "./query-errors-ja.ts";

export const ja: Messages = {
  skipToEvents: "イベント一覧へ移動",
  retry: "再試行",
  refresh: "更新",
  close: "閉じる",
  cancel: "キャンセル",
  copy: "コピー",
  loading: "読み込んでいます…",
  actions: "操作",
  copied: (what) => `${what}をコピーしました`,
  copyRefused: "ブラウザーがコピーを許可しませんでした",
  link: "リンク",
  id: "ID",
  json: "JSON",
  value: "値",

  views: { explore: "検索", live: "ライブ", exports: "エクスポート", settings: "設定" },

  display: {
    title: "表示",
    language: "言語",
    theme: "テーマ",
    themes: { system: "自動", light: "ライト", dark: "ダーク" },
    zone: "タイムゾーン",
    zones: { local: "ローカル", UTC: "UTC", "Asia/Tokyo": "東京" },
  },

  signIn: {
    title: "監査ログを開く",
    text: "いつ、誰が、どこから、何に、何をしたか。記録されたイベントを表示します。",
    key: "APIキー",
    keyHint:
      "スコープ events:read が必要です。IDプロバイダーのセッショントークン(JWT)も使えます。入力した値はこのタブにだけ保持され、閉じると消えます。",
    rootKeyHint: "手元のマシンでは、ルートキーは .rekishi/root-key にあります。",
    keyMissing: "APIキーを貼り付けてください。",
    keyRefused: "このキーは無効です。全体をコピーしたか確認してください。",
    keyForbidden: "このキーではイベントを読めません。スコープ events:read が必要です。",
    expired: "サインアウトしました。セッションが終了したか、キーが無効になりました。",
    submit: "続ける",
    checking: "確認しています…",
    chooseTitle: "組織を選択",
    chooseText: "このキーでは複数のログを開けます。",
    organizationId: "組織ID",
    organizationHint: "キーは有効ですが、組織の一覧は取得できません。組織IDを入力してください。",
    open: "開く",
    noneTitle: "組織がまだありません",
    noneText: "最初のイベントを送ると組織が作られます。送信してから戻ってきてください。",
    back: "別のキーを使う",
    signOut: "サインアウト",
  },

  portal: {
    opening: "監査ログを開いています…",
    back: "戻る",
    notValid: {
      used: {
        title: "このリンクは使用済みです",
        text: "リンクは一度だけ使えます。発行元で新しいリンクを取得してください。",
      },
      expired: {
        title: "リンクの有効期限が切れています",
        text: "リンクの有効期間は5分です。発行元で新しいリンクを取得してください。",
      },
      unknown: {
        title: "リンクが正しくありません",
        text: "リンク全体をコピーしたか確認するか、新しいリンクを取得してください。",
      },
      ended: {
        title: "セッションが終了しました",
        text: "もう一度開くには、このログを表示しているページを再読み込みしてください。",
      },
    },
  },

  organization: {
    choose: "組織を切り替える",
    find: "検索、またはIDを入力",
    openId: (id) => `「${id}」を開く`,
    unknown: (id) => `組織「${id}」は見つかりません`,
    unknownText:
      "存在しないか、閲覧できない組織です。IDを確認してください。組織は最初のイベントで作られます。",
    another: "別の組織を選ぶ",
  },

  failure: {
    offline: {
      title: "サーバーが応答しません",
      text: "再起動中か、ネットワークが切れている可能性があります。",
    },
    timeout: {
      title: "時間がかかりすぎています",
      text: "時間内に応答がありませんでした。期間を短くすると速くなります。",
    },
    forbidden: {
      title: "表示する権限がありません",
      text: "キーのスコープが足りません。キーの発行者に確認してください。",
    },
    notFound: {
      title: "見つかりません",
      text: "存在しないか、閲覧できないものです。",
    },
    tooMany: {
      title: "リクエストが多すぎます",
      text: "サーバーがリクエスト数を制限しています。少し待ってから再試行してください。",
    },
    unavailable: {
      title: "ログが混み合っています",
      text: "現在処理が集中しています。少し待ってから再試行してください。",
    },
    other: { title: "処理できませんでした" },
    inOneLine: (title, text) => `${title}。${text}`,
    requestId: (id) => `リクエスト ${id}`,
    viewNotLoaded:
      "ページのこの部分を読み込めませんでした。新しいバージョンが公開された可能性があります。",
    reload: "ページを再読み込み",
  },

  columns: {
    title: "列",
    choose: "列を選択",
    time: "日時",
    actor: "アクター",
    action: "アクション",
    target: "ターゲット",
    location: "場所",
    names: {
      "actor.id": "アクターID",
      "actor.type": "アクターの種類",
      "target.id": "ターゲットID",
      "target.type": "ターゲットの種類",
      user_agent: "ユーザーエージェント",
      ingested_at: "保存日時",
      version: "バージョン",
      seq: "通し番号",
      id: "ID",
    },
    metadata: "メタデータ",
    add: "メタデータ名を追加",
    reset: "標準の列に戻す",
  },

  list: {
    export: "エクスポート",
    label: "イベント",
    more: (count) => `他${n(count)}件`,
    count: (count) => `${n(count)}件のイベント`,
    loading: "イベントを読み込んでいます…",
    moreFailed: "続きを読み込めませんでした。",
    end: "この期間のイベントは以上です",
    searchedBack: (time) => `まだ見つかりません。${time}まで検索しました…`,
  },

  detail: {
    label: "イベント",
    filter: (field, value) => `${field}が${value}のものだけ`,
    exclude: (field, value) => `${field}が${value}のものを除外`,
    copyValue: (field) => `${field}をコピー`,
    copyJson: "JSONをコピー",
    copyLink: "リンクをコピー",
    around: "前後5分を表示",
    moreFields: (count) => `他${n(count)}個の値はJSONにあります`,
  },

  query: {
    label: "イベントを検索",
    placeholder: '検索: 単語、action:document.shared、-actor.type:system、"完全一致"',
    clear: "検索条件を消去",
    suggestions: (count) => `候補${n(count)}件`,
    errorAt: (place, message) => `${n(place)}文字目: ${message}`,
    descriptions: {
      action: "何が行われたか。例: document.shared",
      "actor.id": "行った人や物のID",
      "actor.name": "行った人や物の名前",
      "actor.type": "アクターの種類。例: user",
      "target.id": "対象のID",
      "target.name": "対象の名前",
      "target.type": "対象の種類。例: document",
      location: "どこから行われたか。例: IPアドレス",
      user_agent: "使われたブラウザーやプログラム",
      occurred_at: "発生日時。例: >=2026-11-01",
      ingested_at: "rekishiが保存した日時",
      "metadata.": "イベントのメタデータの値",
      "actor.metadata.": "アクターのメタデータの値",
      "target.metadata.": "対象のメタデータの値",
      id: "イベントのID",
      seq: "ログの中の通し番号(1から)",
      version: "アクションのスキーマのバージョン",
    },
    secret: "キーのようです。検索も保存も行いません。",
    errors: queryErrorsJa,
  },

  facets: {
    title: "絞り込み",
    names: {
      action: "アクション",
      actor: "アクター",
      actor_type: "アクターの種類",
      target_type: "ターゲットの種類",
    },
    none: "なし",
    failed: "件数を読み込めませんでした。",
    counted: "件数:",
    lowBy: (count) => `値の種類が非常に多いため、件数が最大${count}件少ないことがあります。`,
    without: (value) => `${value}を除外`,
    withoutHint: "除外(値をAltキーを押しながらクリック)",
  },

  histogram: {
    label: "時間ごとのイベント数",
    asTable: "表で見る",
    from: "開始",
    count: "イベント数",
    events: (count) => `${n(count)}件`,
  },

  saved: {
    title: "保存した表示",
    none: "今の表示に名前を付けて保存できます。",
    name: "この表示の名前",
    save: "保存",
    remove: (name) => `${name}を削除`,
  },

  linked: {
    title: "リンクのイベント",
    missing: "リンクのイベントが見つかりません",
  },

  help: {
    title: "キー操作と検索",
    keys: [
      [["/"], "検索欄に入力"],
      [["j", "k"], "次・前のイベント"],
      [["Enter"], "イベントを開く・閉じる"],
      [["Esc"], "開いているものを閉じる"],
      [["p"], "ライブの一時停止・再開"],
      [["?"], "このヘルプを表示"],
    ],
    queries: "検索の書き方",
    examples: [
      ["契約 更新", "両方の語を含む"],
      ['"契約更新"', "続けて並んでいる語"],
      ["action:document.shared", "フィールドの値が完全に一致"],
      ["action:document.*", "値の先頭が一致"],
      ["-actor.type:system", "これを除く"],
      ["actor.id:u_1 OR actor.id:u_2", "どちらか"],
      ["occurred_at:>=2026-11-01", "この日以降"],
      ["metadata.request_id:5e6f", "メタデータの値"],
    ],
  },

  live: {
    pause: "一時停止",
    resume: "再開",
    following: "ライブ",
    paused: "一時停止中",
    states: { connecting: "接続しています…", broken: "切断", refused: "未接続" },
    opening: "ログに接続しています…",
    waiting: "最初のイベントを待っています",
    perSecond: (rate) => `毎秒${n(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate))}件`,
    newEvents: (count) => `新しいイベント${n(count)}件`,
    broken: "接続が切れました。その間のイベントは再接続後に補われます。",
    retryIn: (delayMs) => `${Math.ceil(delayMs / 1_000)}秒後に再接続します`,
    retryNow: "今すぐ再接続",
    recovered: (brokenMs, count) =>
      `${Math.max(1, Math.round(brokenMs / 1_000))}秒後に再接続しました。${
        count === 0
          ? "見逃したイベントはありません。"
          : `その間のイベント${n(count)}件を補いました。`
      }`,
    skipped: (count) => `表示が追いつかず、${n(count)}件が飛ばされました。`,
    loadSkipped: "読み込む",
  },

  nothing: {
    title: "イベントが見つかりません",
    inPeriod: "この期間にはイベントがありません。",
    matches: "この期間に、条件に一致するイベントはありません。",
    invalid: "検索条件に誤りがあります",
    invalidText: "検索欄の下に理由が示されています。直してEnterを押してください。",
    clearQuery: "検索条件を消去",
    allTime: "全期間を表示",
    noEvents: "ログはまだ空です",
    noEventsText:
      "イベントは保存されるとすぐにここに表示されます。最初のイベントを送ってみましょう。",
  },

  time: {
    choose: "期間を選択",
    spans: {
      "15m": "過去15分",
      "1h": "過去1時間",
      "24h": "過去24時間",
      "7d": "過去7日間",
      "30d": "過去30日間",
      "90d": "過去90日間",
      all: "全期間",
    },
    between: (from, to) => `${from} – ${to}`,
    from: "開始",
    to: "終了",
    apply: "この期間を表示",
    reversed: "終了は開始より後にしてください。",
  },
};
