{{- define "staffel.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "staffel.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "staffel.labels" -}}
{{ include "staffel.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "staffel.image" -}}
image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- end -}}

{{- define "staffel.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "staffel.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* What helpdesk and the job that prepares its database are told. */}}
{{- define "staffel.settings" -}}
- name: STAFFEL_PUBLIC_URL
  value: {{ .Values.publicUrl | quote }}
- name: STAFFEL_TRUSTED_PROXIES
  value: {{ join "," .Values.trustedProxies | quote }}
- name: STAFFEL_RASA_URL
  value: {{ printf "http://%s-bot:5005" (include "staffel.name" .) | quote }}
- name: STAFFEL_SECRET_KEY
  valueFrom:
    secretKeyRef: {name: {{ .Values.secretName }}, key: secret-key}
- name: STAFFEL_BOT_SECRET
  valueFrom:
    secretKeyRef: {name: {{ .Values.secretName }}, key: bot-secret}
- name: STAFFEL_DATABASE_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.secretName }}, key: database-url}
- name: STAFFEL_REDIS_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.secretName }}, key: redis-url, optional: true}
{{ include "staffel.further" . }}
{{- end -}}

{{- define "staffel.further" -}}
{{- if .Values.traces.url }}
- name: STAFFEL_TRACES_URL
  value: {{ .Values.traces.url | quote }}
- name: STAFFEL_TRACES_SHARE
  value: {{ .Values.traces.share | quote }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}
