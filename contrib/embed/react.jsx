// <Hangat server="https://chat.shop.example" user={{ id, signature, name }} />
import { useEffect } from "react";

export function Hangat({ server, user, lang, onHandoff }) {
  useEffect(() => {
    window.hangat = window.hangat || [];
    if (!document.querySelector("hangat-chat, script[data-hangat]")) {
      const script = document.createElement("script");
      script.src = server + "/widget.js";
      script.async = true;
      script.dataset.hangat = "";
      document.head.append(script);
    }
  }, [server]);
  useEffect(() => { if (user) window.hangat.push(["setUser", user]); }, [user]);
  useEffect(() => { if (lang) window.hangat.push(["setLocale", lang]); }, [lang]);
  useEffect(() => {
    if (!onHandoff) return undefined;
    const heard = e => onHandoff(e.detail);
    window.addEventListener("hangat:handoff", heard);
    return () => window.removeEventListener("hangat:handoff", heard);
  }, [onHandoff]);
  return null;
}
