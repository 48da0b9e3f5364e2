/** 日本語（エクスポート） */
import type { ExportsMessages } from "./exports-en.ts";

export const exportsJa: ExportsMessages = {
  title: "エクスポート",
  create: {
    title: "イベントをエクスポート",
    text: "この検索条件と期間のイベントを、現時点のログからファイルにします。大きなものはバックグラウンドで作成されます。",
    query: "検索条件",
    everything: "すべてのイベント",
    period: "期間",
    change: "変更",
    covers: (days, isCut) =>
      isCut
        ? `検索画面の期間のほうが長くなっています。エクスポートできるのは最長${days}日間で、この期間の外のイベントはファイルに含まれません。`
        : `エクスポートできるのは最長${days}日間です。この期間の外のイベントはファイルに含まれません。`,
    format: "形式",
    formats: { csv: "CSV", excel: "CSV（Excel用）", ndjson: "NDJSON" },
    submit: "エクスポートを作成",
  },
  made: {
    title: "ファイル",
    text: "ファイルは数日間保存されます。内容はSHA-256とマニフェストで確認できます。",
    none: "エクスポートはまだありません。",
    created: "作成日時",
    format: "形式",
    state: "状態",
    events: "イベント数",
    size: "サイズ",
    states: { pending: "作成中", ready: "完了", error: "失敗しました。", expired: "期限切れ" },
    until: (time) => `${time}まで`,
    download: "ダウンロード",
    manifest: "マニフェスト",
    remove: "このエクスポートを削除",
    cancel: "このエクスポートを中止",
  },
};
